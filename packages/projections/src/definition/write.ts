import type { Ctor } from '@nestfold/core';

declare const DOC: unique symbol;

/** One change of a read model, as data: what a projection's method returns. Made by `writes(Model)` only. */
export interface Write<D = unknown> {
  readonly [DOC]: (document: D) => D;
}

/** Fields by path. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a `Write` says, for the runtime and for tests. `model` is the class of the read model. */
export type WriteIntent = { readonly model: Ctor<object> } & (
  | { readonly kind: 'insert'; readonly id: string; readonly document: Fields }
  | { readonly kind: 'patch'; readonly id: string; readonly changes: Fields }
  | { readonly kind: 'increment'; readonly id: string; readonly by: Fields; readonly initial?: Fields }
  | { readonly kind: 'push'; readonly id: string; readonly field: string; readonly items: readonly unknown[] }
  | { readonly kind: 'remove'; readonly id: string }
  | {
      readonly kind: 'reduce';
      readonly id: string;
      readonly reduce: (document: Fields | undefined) => object | undefined;
    }
  | { readonly kind: 'patchWhere'; readonly match: Fields; readonly changes: Fields }
);

const KINDS = new Set<unknown>(['insert', 'patch', 'increment', 'push', 'remove', 'reduce', 'patchWhere']);

/** @internal Brands an intent: outside of the types of `Write` nothing tells them apart. */
export function writeOf<D>(intent: WriteIntent): Write<D> {
  return intent as unknown as Write<D>;
}

/** What a write says. Throws `TypeError` for what `writes(Model)` did not make. */
export function intentOf(write: Write): WriteIntent {
  const intent = write as unknown as WriteIntent | undefined;
  if (typeof intent !== 'object' || intent === null || !KINDS.has(intent.kind)) {
    throw new TypeError('A projection returned something that is no write: return what writes(Model) makes.');
  }
  return intent;
}
