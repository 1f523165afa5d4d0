import { randomBytes } from 'node:crypto';
import { sliceOf } from '@nestfold/core';
import { Binary, Timestamp } from 'mongodb';

/** The raw twin of a stored commit: the same fields of the same sizes, written by hand. */
export function commitDocument(
  stream: string,
  version: number,
  type: string,
  data: object,
  ts = new Timestamp({ t: 0, i: 0 }),
) {
  return {
    _id: { s: stream, v: version },
    n: 1,
    ts,
    at: new Date(),
    h: sliceOf(stream),
    c: new Binary(randomBytes(16), Binary.SUBTYPE_UUID),
    e: [{ t: type, k: 1, d: data }],
    m: { c: 'bench', u: 'bench' },
  };
}
