/** A test of one field: equality with a plain value, or a combination of operators. */
export type FieldTest<V = unknown> =
  | V
  | {
      readonly eq?: V;
      readonly ne?: V;
      readonly gt?: V;
      readonly gte?: V;
      readonly lt?: V;
      readonly lte?: V;
      readonly in?: readonly V[];
      readonly startsWith?: string;
    };

/** All tests must hold. Keys are fields or dotted paths; an array field matches by any element. Untyped form, for ports. */
export type Condition = Readonly<Record<string, FieldTest>>;

/** What to read, in which order. `text` searches the collection's text index and, without `sort`, orders by relevance. */
export interface ReadQuery {
  readonly where?: Condition;
  readonly text?: string;
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  readonly skip?: number;
  readonly limit?: number;
}
