import type { Decimal } from '@nestfold/core';

/** Values that are written as a whole: no path leads into them. */
type Leaf = string | number | boolean | bigint | null | undefined | Date | Decimal | readonly unknown[];
/** How deep paths go; a bound, since a document may hold its own type. */
type Deeper = [never, 0, 1, 2, 3, 4];

/** The fields of a document and the dotted paths into its objects: `'customer'`, `'customer.name'`. Not into arrays. */
export type FieldPath<D, Depth extends number = 5> = [Depth] extends [never]
  ? never
  : {
      [K in keyof D & string]: NonNullable<D[K]> extends Leaf
        ? K
        : K | `${K}.${FieldPath<NonNullable<D[K]>, Deeper[Depth]>}`;
    }[keyof D & string];

type Inside<V> = NonNullable<V> extends readonly (infer U)[] ? U : NonNullable<V>;
type WholeLeaf = Exclude<Leaf, readonly unknown[]>;

/** As `FieldPath`, and also into the elements of arrays: what a condition may name. */
export type ConditionPath<D, Depth extends number = 5> = [Depth] extends [never]
  ? never
  : {
      [K in keyof D & string]: Inside<D[K]> extends WholeLeaf
        ? K
        : K | `${K}.${ConditionPath<Inside<D[K]>, Deeper[Depth]>}`;
    }[keyof D & string];

/** What stands at a path. */
export type PathValue<D, P> = P extends keyof D
  ? D[P]
  : P extends `${infer K}.${infer Rest}`
    ? K extends keyof D
      ? PathValue<NonNullable<D[K]>, Rest>
      : never
    : never;

/** What a condition at a path compares with: of an array, one of its elements. */
export type ConditionValue<D, P> = P extends keyof D
  ? Inside<D[P]> | (null extends D[P] ? null : never)
  : P extends `${infer K}.${infer Rest}`
    ? K extends keyof D
      ? ConditionValue<Inside<D[K]>, Rest>
      : never
    : never;

/** The paths whose value is surely a `V`, or missing. */
export type PathsTo<D, V> = {
  [P in FieldPath<D>]: Exclude<PathValue<D, P>, undefined> extends V ? P : never;
}[FieldPath<D>];

/** The element of an array field. */
export type ElementOf<T> = NonNullable<T> extends readonly (infer U)[] ? U : never;
