import type { FieldTest } from '@nestfold/core';
import type { ConditionPath, ConditionValue } from '../definition/field-path.js';

declare const DOC: unique symbol;

/** Tests that must all hold, by field or dotted path; an array field matches by any element. */
export type Where<D> = { readonly [P in ConditionPath<D>]?: FieldTest<ConditionValue<D, P>> };

/** What to read. `text` searches the read model's text index and, without `sort`, orders by relevance. */
export interface Find<D> {
  readonly where?: Where<D>;
  readonly text?: string;
  readonly sort?: { readonly [P in ConditionPath<D>]?: 1 | -1 };
  readonly skip?: number;
  /** All when missing: pages of a public query should state it. */
  readonly limit?: number;
}

/**
 * The documents of one read model, in the generation that is live. Reads throw `ReadModelNotReady` (repeat later) until the
 * projection's first generation is live. A swap between two reads shows whole documents of one generation each, never a half-built one.
 */
export interface ReadModel<D> {
  findById(id: string): Promise<D | undefined>;
  /** The first that `find` would answer. */
  findOne(query: Find<D>): Promise<D | undefined>;
  find(query: Find<D>): Promise<readonly D[]>;
  count(query?: Pick<Find<D>, 'where' | 'text'>): Promise<number>;
  /** The stored collection of the live generation, for queries in the database's own language. Ask anew for each query: a rebuild changes it. */
  collectionName(): Promise<string>;
  /** Tells read models of different documents apart by type. */
  readonly [DOC]?: (document: D) => D;
}
