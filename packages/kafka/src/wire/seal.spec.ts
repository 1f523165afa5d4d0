import { describe, expect, it } from 'vitest';
import type { CommitMessage } from './commit-message.js';
import type { ReceivedMessage } from './message-headers.js';
import { Seal } from './seal.js';
import { Unreadable } from './unreadable.js';

const OURS = 'a secret of sixteen';
const message: CommitMessage = {
  key: 'order-1',
  value: '{"events":[]}',
  headers: { stream: 'order-1', version: '1', relay: '7;0000000100000002;;;e1', traceparent: 'a' },
};
const received = ({ key, value, headers }: CommitMessage): ReceivedMessage => ({
  key: Buffer.from(key),
  value: Buffer.from(value),
  headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
});

describe('seal of a message', () => {
  const seal = new Seal('shop.order', [OURS]);
  const sealed = seal.on(message);

  it('is accepted as it was made, also where tracing has put its own header in', () => {
    expect(() => seal.check(received(sealed))).not.toThrow();
    const traced = { ...sealed, headers: { ...sealed.headers, traceparent: 'b', tracestate: 'c' } };
    expect(() => seal.check(received(traced))).not.toThrow();
  });

  // With the relay's header left out of what is covered, the one over another token is taken.
  it.each([
    ['none', message],
    ['one made with another secret', new Seal('shop.order', ['another secret of ours']).on(message)],
    ['one made for another topic', new Seal('shop.orders', [OURS]).on(message)],
    ['one over another key', { ...sealed, key: 'order-2' }],
    ['one over another value', { ...sealed, value: '{"events":[ ]}' }],
    ['one over another token', { ...sealed, headers: { ...sealed.headers, relay: '8;0000000100000002;;;e1' } }],
    ['one over a cause that was not there', { ...sealed, headers: { ...sealed.headers, causationid: 'x' } }],
    ['half of one', { ...sealed, headers: { ...sealed.headers, seal: sealed.headers['seal']!.slice(0, 20) } }],
  ])('is refused where there is %s [K-10]', (_what, forged: CommitMessage) => {
    expect(() => seal.check(received(forged))).toThrow(Unreadable);
  });

  it('may be made with the secret before, while it is replaced', () => {
    const next = new Seal('shop.order', ['the next secret of ours', OURS]);
    expect(() => next.check(received(sealed))).not.toThrow();
    expect(() => seal.check(received(next.on(message)))).toThrow(Unreadable);
  });

  it('does not take a message without key and value for one with empty ones', () => {
    expect(() => seal.check({ key: null, value: null })).toThrow(Unreadable);
  });
});
