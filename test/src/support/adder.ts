import { randomUUID } from 'node:crypto';
import {
  AggregateRepository,
  isNestfoldError,
  systemEnvironment,
  type CommandReceipt,
  type StoreConnection,
} from '@nestfold/core';
import type { Ledger } from '../crash/ledger.js';
import { Tally, types } from '../crash/tally.js';
import type { Addition } from '../crash/worker-protocol.js';
import { addToTally } from './add-to-tally.js';

/** Adds to tallies over one connection, under an idempotency key each, and keeps the ledger. */
export class Adder {
  private readonly tallies: AggregateRepository<Tally>;

  constructor(
    connection: StoreConnection,
    private readonly ledger: Ledger,
  ) {
    this.tallies = new AggregateRepository(Tally, { ...connection, types, environment: systemEnvironment });
  }

  /** A fresh addition. */
  of(tallyId: string, by: number): Addition {
    return { ref: randomUUID(), tallyId, by };
  }

  /** Adds, or adds again what was added before. Throws what the repository throws. */
  async add(addition: Addition): Promise<CommandReceipt> {
    const { ref, tallyId } = addition;
    this.ledger.note({ kind: 'asked', ...addition });
    const receipt = await addToTally(this.tallies, addition);
    this.ledger.note({ kind: 'acknowledged', ref, tallyId, version: receipt.version, repeated: receipt.repeated });
    return receipt;
  }

  /** Adds, and repeats under the same key what was refused for now, as a client would. */
  async addSurely(addition: Addition): Promise<CommandReceipt> {
    for (;;) {
      try {
        return await this.add(addition);
      } catch (error) {
        if (!isNestfoldError(error) || error.retry === 'never') throw error;
      }
    }
  }
}
