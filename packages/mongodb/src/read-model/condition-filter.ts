import { ConfigurationError, type Condition, type FieldTest } from '@nestfold/core';
import type { Document } from 'mongodb';
import { toBson } from '../connection/bson-mapping.js';
import { FED_BY } from './feeding-stream.js';

type Operator = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'startsWith';
type Operators = Readonly<Partial<Record<Operator, unknown>>>;

/** Every value stands behind an operator of ours, so that none is taken for one of the database. */
const OPERATORS: Readonly<Record<Operator, (value: unknown) => Document>> = {
  eq: (value) => ({ $eq: toBson(value) ?? null }),
  ne: (value) => ({ $ne: toBson(value) ?? null }),
  gt: (value) => ({ $gt: toBson(value) }),
  gte: (value) => ({ $gte: toBson(value) }),
  lt: (value) => ({ $lt: toBson(value) }),
  lte: (value) => ({ $lte: toBson(value) }),
  in: (values) => ({ $in: toBson(values) }),
  startsWith: (text) => ({ $regex: `^${literalPattern(String(text))}` }),
};

/** The database's filter for a condition. Throws `ConfigurationError` where an operator stands in place of a field. */
export function filterOf(where: Condition): Document {
  const all = Object.entries(where).flatMap(([path, test]) => testsOf(fieldPath(path), test));
  return all.length === 0 ? {} : all.length === 1 ? (all[0] as Document) : { $and: all };
}

/** The filter of documents whose fields equal these values, whatever the values look like. */
export function equalityFilter(match: Readonly<Record<string, unknown>>): Document {
  return Object.fromEntries(Object.entries(match).map(([path, value]) => [fieldPath(path), OPERATORS.eq(value)]));
}

/** The database's sort. Throws `ConfigurationError` where an operator stands in place of a field. */
export function sortOf(sort: Readonly<Record<string, 1 | -1>>): Map<string, 1 | -1> {
  // A map keeps the order of the fields, also of those that look like numbers.
  return new Map(Object.entries(sort).map(([path, direction]) => [fieldPath(path), direction]));
}

function testsOf(path: string, test: FieldTest): Document[] {
  if (!isOperators(test)) return [{ [path]: OPERATORS.eq(test) }];
  return Object.entries(test).flatMap(([name, value]) => {
    if (value === undefined) return [];
    // Inside `$in` the server refuses objects that look like operators; each by itself it takes as a value.
    if (name === 'in' && (value as unknown[]).some(isObject)) {
      return [{ $or: (value as unknown[]).map((one) => ({ [path]: OPERATORS.eq(one) })) }];
    }
    return [{ [path]: OPERATORS[name as Operator](value) }];
  });
}

function isOperators(test: FieldTest): test is Operators {
  if (!isObject(test)) return false;
  const names = Object.keys(test);
  return names.length > 0 && names.every((name) => Object.hasOwn(OPERATORS, name));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function fieldPath(path: string): string {
  if (path === FED_BY)
    throw new ConfigurationError(`'${path}' is the framework's own field: a condition cannot name it.`);
  if (path === '' || path.split('.').some((name) => name.startsWith('$'))) {
    throw new ConfigurationError(
      `'${path}' is no field: a condition names fields, and operators without '$' stand inside a field's test.`,
    );
  }
  return path;
}

function literalPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
