import { randomUUID } from 'node:crypto';
import { insertRaw, rawCommit } from '../support/raw-commit.js';
import type { Stage } from './stage.js';

const AT_ONCE = 1_000;
const EACH = 100;

/** Stores so many additions past the framework, a hundred a tally; `name` is that of their tallies. */
export async function fillWith(stage: Stage, events: number, name = 'h'): Promise<void> {
  const { ledger, database } = stage;
  // Makes the collections, where none are.
  await stage.connection();
  for (let stored = 0; stored < events; stored += AT_ONCE) {
    const additions = Array.from({ length: Math.min(AT_ONCE, events - stored) }, (_, index) => {
      const ordinal = stored + index;
      const addition = { ref: randomUUID(), tallyId: `${name}${Math.floor(ordinal / EACH)}`, by: ordinal % 97 };
      ledger.note({ kind: 'asked', ...addition });
      return { addition, version: (ordinal % EACH) + 1 };
    });
    await insertRaw(
      database,
      additions.map(({ addition, version }) => rawCommit(addition, version)),
    );
    for (const { addition, version } of additions)
      ledger.note({ kind: 'acknowledged', ref: addition.ref, tallyId: addition.tallyId, version, repeated: false });
  }
}
