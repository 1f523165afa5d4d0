import type { StreamName } from '../stream/stream-name.js';

/** A document of a read model as it is stored: plain data under a string `_id`. */
export type StoredDocument = { readonly _id: string } & Readonly<Record<string, unknown>>;

/**
 * What becomes of one document, after folding. Paths in `update` may be dotted; none is a prefix of another.
 * `insert` fails with `DocumentExists` on an existing target; `replace` needs and `update` and `remove` tolerate a missing one; `put` takes the place
 * of whatever is there, or of nothing.
 */
export type DocumentChange = {
  /**
   * The only stream that feeds the document. It is stored with it, where no reader sees it, and a change by another stream is refused
   * (`FedByAnotherStream`). Missing where any stream may change any document.
   */
  readonly fedBy?: StreamName;
  /** That it is fed by that stream is certain, since the writer made it so and nobody else can write: the store need not look. */
  readonly isFeederKnown?: true;
} & (
  | { readonly kind: 'insert'; readonly id: string; readonly document: StoredDocument }
  | { readonly kind: 'replace'; readonly id: string; readonly document: StoredDocument }
  | { readonly kind: 'put'; readonly id: string; readonly document: StoredDocument }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly set?: Readonly<Record<string, unknown>>;
      /** Fields to be removed: a patch with `undefined`. */
      readonly unset?: readonly string[];
      /** Safe integers or `Decimal`; a missing field counts as 0. */
      readonly increment?: Readonly<Record<string, unknown>>;
      /** Items for the end of an array; a missing field counts as an empty one. */
      readonly push?: Readonly<Record<string, readonly unknown[]>>;
      /** Inserted (with the changes applied) when the target is missing; without it a missing target stays missing. */
      readonly initial?: StoredDocument;
    }
  | { readonly kind: 'remove'; readonly id: string }
);
