import {
  BSON,
  MongoClientClosedError,
  MongoInvalidArgumentError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerClosedError,
  MongoServerError,
  MongoTopologyClosedError,
  MongoWriteConcernError,
  Timestamp,
} from 'mongodb';
import { describe, expect, it } from 'vitest';
import { faultAt, replyOf, replyOfError, type InsertReply } from './insert-reply.js';

const kinds = (reply: InsertReply, count: number): (string | undefined)[] =>
  Array.from({ length: count }, (_, index) => faultAt(reply, index)?.kind);

const operationTime = new Timestamp({ t: 1, i: 2 });

describe('the reply of an insert', () => {
  it('says that all is stored, and when', () => {
    const reply = replyOf({ ok: 1, n: 2, operationTime });
    expect(reply.time).toBe('0000000100000002');
    expect(kinds(reply, 2)).toEqual([undefined, undefined]);
  });

  it('tells what is stored, taken, refused and unsure apart', () => {
    const writeErrors = [
      { index: 1, code: 11_000, errmsg: 'E11000' },
      { index: 2, code: 121, errmsg: 'validation' },
      { index: 3, code: 11_601, errmsg: 'interrupted' },
    ];
    expect(kinds(replyOf({ ok: 1, n: 1, operationTime, writeErrors }), 4)).toEqual([
      undefined,
      'taken',
      'refused',
      'unsure',
    ]);
  });

  it('sees duplicates beside an error of the write concern, and takes nothing else for stored', () => {
    // Read from the error's own fields, the duplicate would count as written: fails when only `error.code` is looked at (tried).
    const answer = {
      ok: 1,
      n: 1,
      writeErrors: [{ index: 1, code: 11_000, errmsg: 'E11000' }],
      writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' },
    };
    const reply = replyOfError(new MongoWriteConcernError(answer));
    expect(kinds(reply, 3)).toEqual(['unsure', 'taken', 'unsure']);
    expect(reply.time).toBeUndefined();
  });

  it.each([
    ['an expired time limit', new MongoServerError({ message: 'MaxTimeMSExpired', code: 50 })],
    ['a killed operation', new MongoServerError({ message: 'Interrupted', code: 11_601 })],
    ['a step-down', new MongoServerError({ message: 'NotWritablePrimary', code: 10_107 })],
    ['a lost connection', new MongoNetworkError('closed')],
    ["a raw socket error, which is none of the driver's", Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })],
    ['an aborted wait', new Error('The database did not answer in time.')],
    // Fail, as refused, when every `MongoAPIError` counts as a refusal of the commits (tried).
    ['a server that the driver has given up', new MongoServerClosedError('Server is closed')],
    ['a topology that is closed', new MongoTopologyClosedError('Topology is closed')],
    ['a client that is closed', new MongoClientClosedError()],
    ['a client that is not connected', new MongoNotConnectedError('Client must be connected')],
  ])('leaves everything open after %s', (_, error) => {
    expect(kinds(replyOfError(error), 2)).toEqual(['unsure', 'unsure']);
  });

  it.each([
    ['a missing right', new MongoServerError({ message: 'Unauthorized', code: 13 })],
    ['what the driver cannot serialise', new BSON.BSONError('circular')],
    ['what the driver does not take', new MongoInvalidArgumentError('Document is larger than the maximum size')],
  ])('knows that nothing was stored after %s', (_, error) => {
    expect(kinds(replyOfError(error), 2)).toEqual(['refused', 'refused']);
  });
});
