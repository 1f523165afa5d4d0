import type { PayloadCodec } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { threadConnection } from './thread-connection.js';

const uri = 'mongodb://user:secret@localhost:27017/shop?replicaSet=rs0';

describe('threadConnection', () => {
  it('passes everything that the store was opened with, credentials and certificates included', () => {
    const options = { uri, horizonSeconds: 9, client: { maxPoolSize: 3, ca: Buffer.from('ca'), tls: true } };
    const worker = threadConnection(options, undefined);
    expect(structuredClone(worker?.options)).toMatchObject({
      uri,
      horizonSeconds: 9,
      client: { maxPoolSize: 3, tls: true, ca: new Uint8Array(Buffer.from('ca')) },
    });
    expect(worker?.export).toBe('connectOnThread');
  });

  it('has none for a codec, and for options that would not arrive as they are', () => {
    const codec: PayloadCodec = {
      encode: (items) => Promise.resolve(items.map(({ event }) => event)),
      decode: () => Promise.resolve([]),
    };
    expect(threadConnection({ uri }, codec)).toBeUndefined();
    expect(threadConnection({ uri, client: { checkServerIdentity: () => undefined } }, undefined)).toBeUndefined();
    class Mechanism {}
    const client = { authMechanismProperties: new Mechanism() } as never;
    expect(threadConnection({ uri, client }, undefined)).toBeUndefined();
  });
});
