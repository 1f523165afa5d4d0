import { Decimal } from '@nestfold/core';

/** Under this name a store may keep the stream that feeds a document. */
const OWN = '_fedBy';

/**
 * A deep copy of what is to be stored in a document: JSON values, `Date`, `Decimal`. Fields that are `undefined` are
 * dropped, so that all stores hold the same. Throws `TypeError`, naming the path, for what would not come back as it was, and for keys
 * that a path could not name.
 */
export function storable(value: unknown, path: string): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : refuse(path, `is ${value}`);
    case 'object':
      return value === null ? null : storableObject(value, path);
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      return refuse(path, value === undefined ? 'is undefined' : `is a ${typeof value}`);
  }
}

/** The fields of a document, copied. Throws `TypeError` as `storable` does. */
export function storableFields(fields: object, path: string): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    const field = (fields as Record<string, unknown>)[key];
    if (field === undefined) continue;
    if (
      key === '' ||
      key === '__proto__' ||
      key === OWN ||
      key.startsWith('$') ||
      key.includes('.') ||
      key.includes('\0')
    ) {
      refuse(`${path}.${key}`, "has a key that is empty, begins with '$', holds '.' or NUL, or is the framework's own");
    }
    copy[key] = storable(field, `${path}.${key}`);
  }
  return copy;
}

function storableObject(value: object, path: string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => storable(item, `${path}[${index}]`));
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? refuse(path, 'is an invalid date') : new Date(value);
  if (Decimal.isDecimal(value)) return value;
  if (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value))
    refuse(path, `is a ${value.constructor.name}`);
  return storableFields(value, path);
}

function refuse(path: string, reason: string): never {
  throw new TypeError(`'${path}' cannot be stored: it ${reason}.`);
}

/** A deep copy of data that came from a store, where nothing needs checking. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Decimal.isDecimal(value)) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (value instanceof Date) return new Date(value) as T;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = copyOf((value as Record<string, unknown>)[key]);
  return copy as T;
}
