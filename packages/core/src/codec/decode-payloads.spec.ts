import { describe, expect, it } from 'vitest';
import { isInvalidEvent, StoreUnavailable } from '../error/store.errors.js';
import { DomainEvent } from '../event/domain-event.decorator.js';
import { EventTypes } from '../event/event-types.js';
import { decodePayloads } from './decode-payloads.js';
import type { CodecItem, PayloadCodec } from './payload-codec.port.js';

@DomainEvent('note.taken')
class NoteTaken {
  text!: string;
}

const item = (text: string): CodecItem => ({
  stream: 'note-1',
  event: { type: 'note.taken', schema: 1, data: { text } },
});

/** Turns what it is given round; of what it fails at, it fails the whole batch. */
const codec: PayloadCodec = {
  encode: async (items) => items.map(({ event }) => event),
  decode: async (items) =>
    items.map(({ event }) => {
      const { text } = event.data as NoteTaken;
      if (text === 'away') throw new StoreUnavailable('the keys are away');
      if (text === 'bad') throw new Error('no such key');
      return { ...event, data: { text: [...text].reverse().join('') } };
    }),
};

describe('decodePayloads', () => {
  // Without it one payload made the feed fail for everybody.
  it('marks the event that cannot be decoded, and decodes the others', async () => {
    const decoded = await decodePayloads(codec, [item('abc'), item('bad'), item('def')]);
    expect(decoded.map(({ data, undecodable }) => undecodable ?? data)).toEqual([
      { text: 'cba' },
      'no such key',
      { text: 'fed' },
    ]);
    const revive = (): object => EventTypes.of([NoteTaken]).revive(decoded[1]!, 'note-1:2');
    expect(revive).toThrow("Event 'note-1:2' of type 'note.taken' cannot be decoded: no such key");
    expect(revive).toThrow(expect.toSatisfy(isInvalidEvent) as Error);
  });

  it('throws what passes', async () => {
    await expect(decodePayloads(codec, [item('abc'), item('away')])).rejects.toThrow('the keys are away');
  });
});
