import type { KnownTexts } from './bson-text.js';

/** What only the driver can decode. */
export const ODD = Symbol('odd');

/** The types of BSON that plain data is made of. */
export const BSON_TYPE = {
  double: 0x01,
  text: 0x02,
  document: 0x03,
  array: 0x04,
  boolean: 0x08,
  date: 0x09,
  null: 0x0a,
  int32: 0x10,
  timestamp: 0x11,
  int64: 0x12,
} as const;

/** How many bytes a value takes; negative for types that are not plain data. */
export function sizeOf(type: number, bytes: Buffer, at: number): number {
  switch (type) {
    case BSON_TYPE.text:
      return 4 + bytes.readInt32LE(at);
    case BSON_TYPE.document:
    case BSON_TYPE.array:
      return bytes.readInt32LE(at);
    case BSON_TYPE.double:
    case BSON_TYPE.date:
    case BSON_TYPE.timestamp:
    case BSON_TYPE.int64:
      return 8;
    case BSON_TYPE.int32:
      return 4;
    case BSON_TYPE.boolean:
      return 1;
    case BSON_TYPE.null:
      return 0;
    case 0x05:
      return 5 + bytes.readInt32LE(at);
    default:
      return -1;
  }
}

/** The fields of a document of plain data, as the driver would decode them; `ODD` where it holds anything else. */
export function plainDocument(bytes: Buffer, start: number, names: KnownTexts): Record<string, unknown> | typeof ODD {
  const end = start + bytes.readInt32LE(start) - 1;
  const document: Record<string, unknown> = {};
  for (let at = start + 4; at < end;) {
    const type = bytes[at]!;
    const nameEnd = bytes.indexOf(0, at + 1);
    const name = names.read(bytes, at + 1, nameEnd);
    if (name === '__proto__') return ODD;
    const value = plainValue(type, bytes, nameEnd + 1, names);
    if (value === ODD) return ODD;
    document[name] = value;
    at = nameEnd + 1 + sizeOf(type, bytes, nameEnd + 1);
  }
  return document;
}

function plainValue(type: number, bytes: Buffer, at: number, names: KnownTexts): unknown {
  switch (type) {
    case BSON_TYPE.text:
      return bytes.toString('utf8', at + 4, at + 3 + bytes.readInt32LE(at));
    case BSON_TYPE.int32:
      return bytes.readInt32LE(at);
    case BSON_TYPE.double:
      return bytes.readDoubleLE(at);
    case BSON_TYPE.boolean:
      return bytes[at] === 1;
    case BSON_TYPE.null:
      return null;
    case BSON_TYPE.date:
      return new Date(Number(bytes.readBigInt64LE(at)));
    case BSON_TYPE.int64: {
      const value = Number(bytes.readBigInt64LE(at));
      return Number.isSafeInteger(value) ? value : ODD;
    }
    case BSON_TYPE.document:
      return plainDocument(bytes, at, names);
    case BSON_TYPE.array:
      return plainArray(bytes, at, names);
    default:
      return ODD;
  }
}

function plainArray(bytes: Buffer, start: number, names: KnownTexts): unknown[] | typeof ODD {
  const end = start + bytes.readInt32LE(start) - 1;
  const items: unknown[] = [];
  for (let at = start + 4; at < end;) {
    const type = bytes[at]!;
    const value = bytes.indexOf(0, at + 1) + 1;
    const item = plainValue(type, bytes, value, names);
    if (item === ODD) return ODD;
    items.push(item);
    at = value + sizeOf(type, bytes, value);
  }
  return items;
}
