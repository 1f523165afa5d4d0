import type { StoredDocument } from '../read-model/document-change.js';
import type { Condition, FieldTest } from '../read-model/read-query.js';
import { candidatesAt } from './document-path.js';
import { compareValues, equalValues } from './value-order.js';

type Operator = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'startsWith';

/** Whether the values that a path leads to pass one operator. */
type Check = (values: readonly unknown[], operand: unknown) => boolean;

const ordered =
  (fits: (order: number) => boolean): Check =>
  (values, operand) =>
    values.some((value) => {
      const order = compareValues(value, operand);
      return order !== undefined && fits(order);
    });

const equals: Check = (values, operand) => values.some((value) => equalValues(value, operand));

const CHECKS: Readonly<Record<Operator, Check>> = {
  eq: equals,
  ne: (values, operand) => !equals(values, operand),
  gt: ordered((order) => order > 0),
  gte: ordered((order) => order >= 0),
  lt: ordered((order) => order < 0),
  lte: ordered((order) => order <= 0),
  in: (values, operand) => (operand as readonly unknown[]).some((one) => equals(values, one)),
  startsWith: (values, operand) =>
    values.some((value) => typeof value === 'string' && value.startsWith(String(operand))),
};

/** Whether a document passes all tests of a condition. */
export function matches(document: StoredDocument, where: Condition): boolean {
  return Object.entries(where).every(([path, test]) => passes(valuesAt(document, path), test));
}

/** Whether a document's fields equal those of `match`; an array matches by any element. */
export function equalFields(document: StoredDocument, match: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(match).every(([path, value]) => equals(valuesAt(document, path), value));
}

function valuesAt(document: StoredDocument, path: string): readonly unknown[] {
  const values = candidatesAt(document, path);
  return values.length === 0 ? [undefined] : values;
}

function passes(values: readonly unknown[], test: FieldTest): boolean {
  if (!isOperators(test)) return equals(values, test);
  return Object.entries(test).every(
    ([operator, operand]) => operand === undefined || CHECKS[operator as Operator](values, operand),
  );
}

function isOperators(test: FieldTest): test is Readonly<Record<string, unknown>> {
  if (typeof test !== 'object' || test === null || Object.getPrototypeOf(test) !== Object.prototype) return false;
  const names = Object.keys(test);
  return names.length > 0 && names.every((name) => Object.hasOwn(CHECKS, name));
}
