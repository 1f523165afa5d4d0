import { counterOf, Decimal, secondsOf, storeTime, type StoreTime } from '@nestfold/core';
import { Binary, Decimal128, Timestamp } from 'mongodb';

const DIGITS = Buffer.from('0123456789abcdef');
/** Where in the text each byte stands, and a text to write on. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const TEXT = Buffer.alloc(36, '-');

/** A store time as the server writes it. */
export function timestampOf(time: StoreTime): Timestamp {
  return new Timestamp({ t: secondsOf(time), i: counterOf(time) });
}

/** The server's timestamp as a store time. */
export function storeTimeOf(timestamp: Timestamp): StoreTime {
  return storeTime(timestamp.getHighBitsUnsigned(), timestamp.getLowBitsUnsigned());
}

/** A UUID in 16 bytes. */
export function uuidBinary(text: string): Binary {
  return new Binary(Buffer.from(text.replaceAll('-', ''), 'hex'), Binary.SUBTYPE_UUID);
}

/** A stored UUID as text. Written digit by digit: joined slices take five times the memory, which is felt where many commits are held. */
export function uuidText({ buffer }: Binary): string {
  for (let index = 0; index < PLACES.length; index += 1) {
    const byte = buffer[index] as number;
    const place = PLACES[index] as number;
    TEXT[place] = DIGITS[byte >> 4] as number;
    TEXT[place + 1] = DIGITS[byte & 15] as number;
  }
  return TEXT.toString('latin1');
}

/** Whether plain data holds a `Decimal` anywhere. */
export function holdsDecimal(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Date) return false;
  if (Decimal.isDecimal(value)) return true;
  for (const key in value) if (holdsDecimal((value as Record<string, unknown>)[key])) return true;
  return false;
}

/** Plain data as the driver stores it: a copy with each `Decimal` as the server's own decimal. */
export function toBson<T>(value: T): T {
  return mapped(value, (one) => (Decimal.isDecimal(one) ? Decimal128.fromString(one.toString()) : undefined)) as T;
}

/** What the driver read as plain data: a copy with each decimal of the server as a `Decimal`. */
export function fromBson<T>(value: T): T {
  return mapped(value, (one) => (isDecimal128(one) ? Decimal.of(one.toString()) : undefined)) as T;
}

function isDecimal128(value: object): value is Decimal128 {
  return (value as { _bsontype?: unknown })._bsontype === 'Decimal128';
}

function mapped(value: unknown, replace: (one: object) => unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const replaced = replace(value);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(value)) return value.map((item) => mapped(item, replace));
  if ('_bsontype' in value) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) copy[key] = mapped(field, replace);
  return copy;
}
