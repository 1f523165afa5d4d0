import { Decimal, plainEventData } from '@nestfold/core';
import { BSON, Decimal128 } from 'mongodb';
import { holdsDecimal, toBson } from './bson-mapping.js';

/** Plain data, ready to be stored: a copy that shares nothing with its source. */
export interface EncodedPayload {
  readonly data: object;
  /** Bytes in BSON: never too few, and not many too many. */
  readonly bytes: number;
  /** Whether a decimal was met: only then need a reader look for one. */
  readonly decimals: boolean;
}

/** What the quick walk leaves to the thorough one. */
const ODD = Symbol('odd');
const MAX_DEPTH = 100;
/** Type, name's end, length, end of text: what a text needs beside its bytes. */
const TEXT_FRAME = 7;
/** Texts up to this length are taken for three bytes a character: counting them would cost more than the queue loses. */
const UNCOUNTED = 40;
const SURROGATE = /[\uD800-\uDFFF]/;
const ODD_KEY = /^$|^\$|^__proto__$|^_bsontype$|[\0\uD800-\uDFFF]/;

// Of the walk under way: it never waits, and an object a walk would be felt.
let bytes = 0;
let decimals = false;

/**
 * Checks, copies and measures one event's data in a single walk. What is not plainly fit is handed to the core, whose
 * `InvalidEvent` names the path; what that lets through is taken as it copied it.
 */
export function encodePayload(type: string, data: object): EncodedPayload {
  bytes = 0;
  decimals = false;
  const copied = isPlainObject(data) ? copyFields(data, 0) : ODD;
  if (copied !== ODD) return { data: copied as object, bytes, decimals };
  const plain = plainEventData(type, data);
  const encoded = holdsDecimal(plain) ? toBson(plain) : plain;
  return { data: encoded, bytes: BSON.calculateObjectSize(encoded), decimals: encoded !== plain };
}

function copyValue(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      bytes += TEXT_FRAME + (value.length > UNCOUNTED ? Buffer.byteLength(value) : 3 * value.length);
      return SURROGATE.test(value) ? ODD : value;
    case 'number':
      bytes += 10;
      return Number.isFinite(value) ? value : ODD;
    case 'boolean':
      bytes += 3;
      return value;
    case 'object':
      return value === null ? copyNull() : copyObject(value, depth);
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      return ODD;
  }
}

function copyNull(): null {
  bytes += 2;
  return null;
}

function copyObject(value: object, depth: number): unknown {
  if (depth >= MAX_DEPTH) return ODD;
  if (Array.isArray(value)) return copyItems(value, depth + 1);
  if (isPlainObject(value)) return copyFields(value, depth + 1);
  if (value instanceof Date) {
    bytes += 10;
    return Number.isNaN(value.getTime()) ? ODD : new Date(value);
  }
  if (!Decimal.isDecimal(value)) return ODD;
  bytes += 18;
  decimals = true;
  return Decimal128.fromString(value.toString());
}

function copyItems(items: readonly unknown[], depth: number): unknown {
  bytes += 7;
  const copied: unknown[] = [];
  for (let index = 0; index < items.length; index += 1) {
    // Items are named by their index; seven digits are more than a commit has room for.
    bytes += 7;
    const item = copyValue(items[index], depth);
    if (item === ODD) return ODD;
    copied.push(item);
  }
  return copied;
}

function copyFields(value: object, depth: number): unknown {
  bytes += 7;
  const copied: Record<string, unknown> = {};
  // Not `Object.keys`: an array an object would be felt.
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const field = (value as Record<string, unknown>)[key];
    if (field === undefined) continue;
    if (ODD_KEY.test(key)) return ODD;
    bytes += 3 * key.length;
    const item = copyValue(field, depth);
    if (item === ODD) return ODD;
    copied[key] = item;
  }
  return copied;
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
