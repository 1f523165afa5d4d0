import { Decimal, type Ctor } from '@nestfold/core';
import type { ConditionPath, ConditionValue, ElementOf, FieldPath, PathsTo, PathValue } from './field-path.js';
import { writeOf, type Write } from './write.js';

type Own<D> = Omit<D, '_id'>;

/** What `patch` may put at a path: where the field is optional, also nothing. */
type Patched<D, P> = PathValue<D, P> | (IsOptional<D, P> extends true ? undefined : never);
type IsOptional<D, P> = P extends keyof D
  ? object extends Pick<D, P>
    ? true
    : false
  : P extends `${infer K}.${infer Rest}`
    ? K extends keyof D
      ? IsOptional<NonNullable<D[K]>, Rest>
      : false
    : false;

/** New values by field or dotted path; `undefined`, where the field is optional, takes it away. */
export type Changes<D> = { readonly [P in FieldPath<Own<D>>]?: Patched<D, P> };

/** New values by field or dotted path. */
export type NewValues<D> = { readonly [P in FieldPath<Own<D>>]?: Exclude<PathValue<D, P>, undefined> };

/** Amounts by field or dotted path: safe integers, `Decimal` for decimal fields. */
export type Amounts<D> = { readonly [P in PathsTo<Own<D>, number>]?: number } & {
  readonly [P in PathsTo<Own<D>, Decimal>]?: Decimal;
};

/** Values that documents must have; of an array, one element. */
export type Match<D> = { readonly [P in ConditionPath<D>]?: ConditionValue<D, P> };

/**
 * The writes of one read model, typed by it. Each form has a law: what a missing or an existing document does. All
 * dotted paths lead into objects, and make those that are missing.
 */
export interface Writes<D> {
  /** A new document. An existing one is an error (`DocumentExists`): the projection stops. */
  insert(id: string, document: Own<D>): Write<D>;
  /** Sets fields. A missing document stays missing. */
  patch(id: string, changes: Changes<D>): Write<D>;
  /**
   * Adds to numbers; a missing field counts as 0. A missing document stays missing, unless `initial` is given: then that
   * is inserted and added to. Throws `RangeError` for a fraction that is no `Decimal`: sums of floats depend on their order.
   */
  increment(id: string, by: Amounts<D>, options?: { readonly initial: Own<D> }): Write<D>;
  /** Adds items to the end of an array; a missing field counts as an empty one. A missing document stays missing. */
  push<P extends PathsTo<Own<D>, readonly unknown[]>>(
    id: string,
    field: P,
    ...items: ElementOf<PathValue<D, P>>[]
  ): Write<D>;
  /** Takes the document away, if it is there. */
  remove(id: string): Write<D>;
  /**
   * A new document out of the present one (`undefined` when there is none); answering `undefined` removes it. For what the
   * other forms cannot say: the runtime reads the document first. Pure; the document given is the method's own copy.
   */
  reduce(id: string, reduce: (document: D | undefined) => Own<D> | undefined): Write<D>;
  /** Sets fields of all documents that match, for a fact that touches many (a customer renamed). The runtime indexes the matched fields. */
  patchWhere(match: Match<D>, changes: NewValues<D>): Write<D>;
}

/**
 * The writes of a read model, to be returned by the methods of a projection.
 *
 * @example `const view = writes(OrderView);  …  return view.patch(e.orderId, { status: 'shipped' });`
 * @publicApi
 */
export function writes<D extends object>(model: Ctor<D>): Writes<D> {
  return {
    insert: (id, document) =>
      writeOf({
        model,
        kind: 'insert',
        id: checkedId(model, id),
        document: document as object as Record<string, unknown>,
      }),
    patch: (id, changes) => writeOf({ model, kind: 'patch', id: checkedId(model, id), changes }),
    increment: (id, by, options) =>
      writeOf({
        model,
        kind: 'increment',
        id: checkedId(model, id),
        by: checkedAmounts(model, by),
        ...(options && { initial: options.initial as object as Record<string, unknown> }),
      }),
    push: (id, field, ...items) => writeOf({ model, kind: 'push', id: checkedId(model, id), field, items }),
    remove: (id) => writeOf({ model, kind: 'remove', id: checkedId(model, id) }),
    reduce: (id, reduce) =>
      writeOf({
        model,
        kind: 'reduce',
        id: checkedId(model, id),
        reduce: (document) => reduce(document as D | undefined),
      }),
    patchWhere: (match, changes) => writeOf({ model, kind: 'patchWhere', match: checkedMatch(model, match), changes }),
  };
}

function checkedId(model: Ctor<object>, id: unknown): string {
  if (typeof id === 'string' && id !== '') return id;
  throw new TypeError(`The id of a ${model.name} must be text that is not empty, but is ${JSON.stringify(id)}.`);
}

function checkedAmounts(model: Ctor<object>, by: object): Record<string, unknown> {
  const amounts: Record<string, unknown> = { ...by };
  for (const field in amounts) {
    const amount = amounts[field];
    if (Number.isSafeInteger(amount) || Decimal.isDecimal(amount)) continue;
    if (amount !== undefined)
      throw new RangeError(
        `${model.name}.${field} cannot be incremented by ${String(amounts[field])}: use a safe integer, or a Decimal field for fractions.`,
      );
    delete amounts[field];
  }
  return amounts;
}

/** A field that is `undefined` would match everything in one database and nothing in another. */
function checkedMatch(model: Ctor<object>, match: object): Record<string, unknown> {
  const entries = Object.entries(match);
  const missing = entries.find(([, value]) => value === undefined);
  if (entries.length > 0 && missing === undefined) return Object.fromEntries(entries);
  throw new TypeError(
    `patchWhere of ${model.name} needs a value for ${missing ? `'${missing[0]}'` : 'at least one field'}: it would change every document.`,
  );
}
