import { describe, expect, it } from 'vitest';
import { commandIdOf } from '../identity/message-identity.js';
import { statedVersion } from '../stream/expected-version.js';
import { currentContext, runInContext } from './current-context.js';
import { createMessageContext, metadataOf } from './message-context.js';

const messageId = commandIdOf('ada', 'PlaceOrder', 'key');
const context = () => createMessageContext({ messageId, messageType: 'PlaceOrder' });

describe('createMessageContext', () => {
  it('begins a conversation with the message itself where nothing else is said', () => {
    expect(context()).toMatchObject({
      keyed: false,
      correlationId: messageId,
      causationId: messageId,
      principal: 'anonymous',
    });
    expect(createMessageContext({ messageId, messageType: 't', actor: { id: 'ada' } }).principal).toBe('ada');
  });

  it('derives the same ids when the message is handled again', () => {
    const derive = (): string[] => {
      const handling = context();
      return [
        handling.newId('order'),
        handling.newId('item'),
        handling.commitIdFor('order-1'),
        handling.commitIdFor('order-1'),
        handling.commitIdFor('order-2'),
      ];
    };
    const first = derive();
    expect(derive()).toEqual(first);
    expect(new Set(first).size).toBe(5);
  });

  it('gives the stated version away once', () => {
    const handling = createMessageContext({ messageId, messageType: 't', expected: statedVersion(3) });
    expect([handling.takeExpected(), handling.takeExpected()]).toEqual([statedVersion(3), undefined]);
  });

  it('refuses to derive ids of a message whose id is no UUID', () => {
    expect(() => createMessageContext({ messageId: 'mine', messageType: 't' }).newId('x')).toThrow(RangeError);
  });
});

describe('metadataOf', () => {
  it('leaves out what is not known', () => {
    expect(metadataOf(context())).toEqual({ correlationId: messageId, causationId: messageId });
    expect(Object.keys(metadataOf(context()))).toEqual(['correlationId', 'causationId']);
  });

  it('names the event that a handler reacts to as the cause', () => {
    const handling = createMessageContext({
      messageId,
      messageType: 't',
      causationId: 'order-1:7',
      correlationId: 'talk',
    });
    expect(metadataOf(handling)).toEqual({ correlationId: 'talk', causationId: 'order-1:7' });
  });
});

describe('runInContext', () => {
  it('shows the context to what is called and awaited, each handling its own', async () => {
    const seen = async (key: string): Promise<(string | undefined)[]> =>
      runInContext(createMessageContext({ messageId, messageType: key }), async () => {
        const before = currentContext()?.messageType;
        await Promise.resolve();
        return [before, currentContext()?.messageType];
      });
    expect(await Promise.all([seen('a'), seen('b')])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
    expect(currentContext()).toBeUndefined();
  });

  it('answers and throws what is called does', () => {
    expect(runInContext(context(), () => 5)).toBe(5);
    expect(() =>
      runInContext(context(), () => {
        throw new Error('x');
      }),
    ).toThrow('x');
  });
});
