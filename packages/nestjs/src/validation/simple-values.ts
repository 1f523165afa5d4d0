import type { FieldProblem } from './structure.js';

/** A value as its parameter takes it, or what is wrong with it. */
export type Read = { readonly value: unknown } | { readonly problems: readonly FieldProblem[] };

const NUMBER = /^-?\d+(\.\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads a parameter that is declared as a simple type. Text from path and query is converted; in a body, values are of their
 * type already. `undefined` passes: types do not tell what is optional.
 */
export function readSimple(value: unknown, declared: unknown, fromText: boolean, path: string): Read {
  if (value === undefined) return { value };
  switch (declared) {
    case String:
      return accept(typeof value === 'string', value, path, 'a text');
    case Number: {
      const number = fromText && typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
      return accept(typeof number === 'number' && Number.isFinite(number), number, path, 'a number');
    }
    case Boolean: {
      const flag = fromText && (value === 'true' || value === 'false') ? value === 'true' : value;
      return accept(typeof flag === 'boolean', flag, path, 'true or false');
    }
    case Date: {
      const date = typeof value === 'string' && DATE.test(value) ? new Date(value) : undefined;
      return accept(
        date !== undefined && !Number.isNaN(date.getTime()),
        date,
        path,
        'a date such as 2026-01-31T12:00:00Z',
      );
    }
    case Array: {
      const list = fromText && typeof value === 'string' ? [value] : value;
      return accept(
        Array.isArray(list) && list.every(isScalar),
        list,
        path,
        'a list of simple values (objects in a list need a class with rules around it)',
      );
    }
    default:
      return accept(isScalar(value), value, path, 'a simple value');
  }
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function accept(fits: boolean, value: unknown, path: string, expected: string): Read {
  return fits ? { value } : { problems: [{ path, message: `${path} must be ${expected}` }] };
}
