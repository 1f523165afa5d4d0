import { Decimal, type Commit, type RelayedCommit } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { commitMessage } from './commit-message.js';
import type { ReceivedMessage } from './message-headers.js';
import { relayedCommitOf } from './read-message.js';
import { Unreadable } from './unreadable.js';

const commit: Commit = {
  stream: 'order-7',
  firstVersion: 3,
  id: '0b0e9a4e-3c1f-5d2a-8b1a-111111111111',
  keyed: false,
  events: [
    { type: 'order.placed', schema: 2, data: { total: Decimal.of('12.50'), at: new Date(5), text: 'ä€' } },
    { type: 'order.shipped', schema: 1, data: {} },
  ],
  metadata: {
    correlationId: 'c',
    causationId: 'u',
    actor: { id: 'ada', roles: ['admin'] },
    tenant: 't',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    custom: { a: 'b' },
  },
  occurredAt: new Date(1_000),
  recordedAt: new Date(2_000),
  time: '0000000100000002',
};
const relayed: RelayedCommit = {
  commit,
  relay: { epoch: 'e1', token: 4, floor: '0000000100000000', time: '0000000100000003' },
};

/** The message as a broker gives it back, with some of it replaced. */
function received({ headers = {}, ...rest }: Partial<ReceivedMessage> = {}): ReceivedMessage {
  const { key, value, headers: own } = commitMessage(relayed, '/shop');
  const all: Record<string, unknown> = { ...own, ...headers };
  for (const name of Object.keys(all)) {
    if (all[name] === undefined) delete all[name];
    else if (typeof all[name] === 'string') all[name] = Buffer.from(all[name]);
  }
  return { key: Buffer.from(key), value: Buffer.from(value), ...rest, headers: all };
}

const body = (changes: object): Buffer => {
  const value = JSON.parse(commitMessage(relayed, '/shop').value) as object;
  return Buffer.from(JSON.stringify({ ...value, ...changes }));
};

describe('commit message', () => {
  it('carries a commit, and gives it back as it was', () => {
    expect(relayedCommitOf(received())).toEqual(relayed);
    const ofHistory: RelayedCommit = { commit, relay: { epoch: 'an;epoch;', token: 7 } };
    const headers = { relay: commitMessage(ofHistory, '/shop').headers['relay'] };
    expect(relayedCommitOf(received({ headers }))).toStrictEqual(ofHistory);
  });

  it.each([{ floor: '0000000100000000' }, { time: '0000000100000003' }])('says what its relay says: %o', (said) => {
    const partly: RelayedCommit = { commit, relay: { epoch: 'e', token: 7, ...said } };
    const headers = { relay: commitMessage(partly, '/shop').headers['relay'] };
    expect(relayedCommitOf(received({ headers }))).toStrictEqual(partly);
  });

  it('is keyed by the stream and described as a CloudEvent', () => {
    const message = commitMessage(relayed, '/shop');
    expect(message.key).toBe('order-7');
    expect(message.headers).toMatchObject({
      ce_specversion: '1.0',
      ce_id: 'order-7:3',
      ce_source: '/shop',
      ce_type: 'nestfold.commit',
      ce_time: '1970-01-01T00:00:01.000Z',
      ce_subject: 'order-7',
      'content-type': 'application/json',
      traceparent: commit.metadata.traceparent,
      correlationid: 'c',
      causationid: 'u',
      version: '3',
      count: '2',
      schema: '2,1',
    });
  });

  it('says when it was once, where it was recorded as it occurred', () => {
    const at = new Date(3_000);
    const atOnce = { ...relayed, commit: { ...commit, occurredAt: at, recordedAt: at } };
    const { key, value, headers } = commitMessage(atOnce, '/shop');
    expect(value).not.toContain('$date":"1970-01-01T00:00:03.000Z"');
    const message = { key: Buffer.from(key), value: Buffer.from(value), headers };
    expect(relayedCommitOf(message)).toEqual(atOnce);
  });

  // Fails where the sum passes what is exact on its way.
  it.each([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 2, 10])(
    'reads a version as it is: %d',
    (firstVersion) => {
      const late = { ...relayed, commit: { ...commit, firstVersion } };
      const { key, value, headers } = commitMessage(late, '/shop');
      expect(relayedCommitOf({ key: Buffer.from(key), value: Buffer.from(value), headers })).toEqual(late);
    },
  );

  it('leaves what only commands need in the store', () => {
    const keyed = { ...relayed, commit: { ...commit, keyed: true, bodyHash: 'secret' } };
    expect(JSON.stringify(commitMessage(keyed, '/shop'))).not.toContain('secret');
  });

  it.each<[string, Partial<ReceivedMessage>]>([
    ['no key', { key: null }],
    ['no value', { value: null }],
    ['bytes that are no text', { value: Buffer.from([0xff, 0xfe, 0x00]) }],
    ['a value that is no object', { value: Buffer.from('[]') }],
    ['a key that is no stream', { key: Buffer.from('order') }],
    ['a stream that is not the key', { headers: { stream: 'order-8' } }],
    ['no version', { headers: { version: undefined } }],
    ['version 0', { headers: { version: '0' } }],
    ['a version that is no number', { headers: { version: '1e3' } }],
    ['a version beyond what is exact', { headers: { version: '9007199254740993' } }],
    // Fails without the lower bound of a digit: it would be 285.
    ['a version with a fraction', { headers: { version: '3.5' } }],
    ['a version of too many digits', { headers: { version: '3'.padStart(17, '0') } }],
    ['a version of no digit', { headers: { version: '' } }],
    ['another count', { headers: { count: '1' } }],
    ['nothing of its relay', { headers: { relay: undefined } }],
    ['no token', { headers: { relay: '0;0000000100000002;;;e1' } }],
    ['a token beyond what is exact', { headers: { relay: '9999999999999999;0000000100000002;;;e1' } }],
    ['no epoch', { headers: { relay: '4;0000000100000002;;;' } }],
    ['a time that is none', { headers: { relay: '4;now;;;e1' } }],
    ['a floor that is none', { headers: { relay: '4;0000000100000002;;zzzzzzzzzzzzzzzz;e1' } }],
    ['a header given twice', { headers: { version: [Buffer.from('3'), Buffer.from('4')] } }],
    ['no events', { value: body({ events: [] }) }],
    [
      'an event without a type',
      {
        value: body({
          events: [
            { schema: 1, data: {} },
            { type: 'a', schema: 1, data: {} },
          ],
        }),
      },
    ],
    [
      'data that is a list',
      {
        value: body({
          events: [
            { type: 'a', schema: 1, data: [] },
            { type: 'a', schema: 1, data: {} },
          ],
        }),
      },
    ],
    ['no id', { value: body({ id: 7 }) }],
    ['a date that is none', { value: body({ recordedAt: 'x' }) }],
    ['no date where one is said', { value: body({ recordedAt: null }) }],
    ['an actor that is none', { value: body({ actor: 'ada' }) }],
    ['a prototype', { value: Buffer.from('{"__proto__":{},"events":[]}') }],
  ])('is refused with %s [K-5]', (_name, changes) => {
    expect(() => relayedCommitOf(received(changes))).toThrow(Unreadable);
  });
});
