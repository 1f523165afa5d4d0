import type { Type } from '@nestfold/core';
import { OwnerLabelled, OwnerNamed } from './ledger-events.js';

/** What builds of the ledger differ in. */
export interface LedgerVariant<N extends { ownerId: string }> {
  /** The version of its projections, which stands in each document: what code of another version wrote shows. */
  readonly version: number;
  /** Older versions that its readers understand. */
  readonly reads: readonly number[];
  /** How it knows the event that names an owner. */
  readonly Named: Type<N>;
  readonly nameOf: (event: N) => string;
}

/** The build that everything begins with. */
export const firstBuild: LedgerVariant<OwnerNamed> = {
  version: 1,
  reads: [],
  Named: OwnerNamed,
  nameOf: ({ name }) => name,
};

/** Its projections' code has changed, its events have not. */
export const newVersion: LedgerVariant<OwnerNamed> = { ...firstBuild, version: 2 };

/** The same, and its readers understand the documents of the version before. */
export const newVersionThatReads: LedgerVariant<OwnerNamed> = { ...newVersion, reads: [1] };

/** One of its events has changed, and its projections' code only so far as to read it. */
export const newEvent: LedgerVariant<OwnerLabelled> = {
  ...firstBuild,
  Named: OwnerLabelled,
  nameOf: ({ label }) => label,
};
