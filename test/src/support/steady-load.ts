import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from 'mongodb';
import type { Ledger } from '../crash/ledger.js';
import { clock } from './clock.js';
import { insertRaw, rawCommit } from './raw-commit.js';

const EVERY_MS = 50;

/** Adds so many events a second, past the framework: for tests of readers, where commands would take the machine from those who are tested. */
export class SteadyLoad {
  private readonly versions = new Map<string, number>();
  private readonly begun = clock();
  private on = true;
  private count = 0;
  private adding: Promise<void> = Promise.resolve();

  private constructor(
    private readonly database: Db,
    private readonly ledger: Ledger,
    private readonly perSecond: number,
    private readonly tallies: number,
  ) {}

  /** The collections are to be there. */
  static start(database: Db, ledger: Ledger, perSecond: number, tallies: number): SteadyLoad {
    const load = new SteadyLoad(database, ledger, perSecond, tallies);
    load.adding = load.add();
    load.adding.catch(() => undefined);
    return load;
  }

  /** Events a second, by now. */
  get rate(): number {
    return Math.round((this.count * 1_000) / (clock() - this.begun));
  }

  async stop(): Promise<void> {
    this.on = false;
    await this.adding;
  }

  private async add(): Promise<void> {
    while (this.on) {
      const due = Math.floor(((clock() - this.begun) / 1_000) * this.perSecond) - this.count;
      // Of a tally at most one at a time, as no append would do otherwise.
      const length = Math.min(due, this.tallies);
      const additions = Array.from({ length }, (_, index) => this.next(this.count + index));
      for (const { addition } of additions) this.ledger.note({ kind: 'asked', ...addition });
      if (additions.length > 0)
        await insertRaw(
          this.database,
          additions.map(({ addition, version }) => rawCommit(addition, version)),
        );
      this.count += additions.length;
      for (const { addition, version } of additions) {
        const { ref, tallyId } = addition;
        this.ledger.note({ kind: 'acknowledged', ref, tallyId, version, repeated: false });
      }
      await pause(EVERY_MS);
    }
  }

  private next(ordinal: number) {
    const tallyId = `s${ordinal % this.tallies}`;
    const version = (this.versions.get(tallyId) ?? 0) + 1;
    this.versions.set(tallyId, version);
    return { addition: { ref: randomUUID(), tallyId, by: (ordinal % 97) + 1 }, version };
  }
}
