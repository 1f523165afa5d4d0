import { describe, expect, it } from 'vitest';
import { liveCollections } from '../crash/judge.js';
import { ENTRIES } from './entries.js';
import type { Entry } from './entry.js';
import { runEntry } from './run-entry.js';

const SEED = Number(process.env['SEED'] ?? 1);

/** Does what no store may do. */
const corrupted: Entry = {
  id: 'R00',
  title: 'an acknowledged event, a document and a fault are gone',
  async run(stage) {
    const worker = await stage.worker({ callers: 4 });
    await stage.acknowledges(worker, 60);
    await worker.settled();
    const { tally_view } = await liveCollections(stage.database);
    await stage.database.collection(tally_view!).updateMany({}, { $inc: { changes: 1 } });
    const [last] = await stage.database
      .collection('commits')
      .find({ '_id.s': { $exists: true } })
      .sort({ ts: -1 })
      .limit(1)
      .toArray();
    await stage.database.collection('commits').deleteOne({ _id: last!._id });
    return { planned: 1, acknowledged: 50 };
  },
};

/** Those that no other test of real processes covers: see `npm run reliability` for all of them, and for their full length. */
const SHORT = ['R07', 'R17', 'R20', 'R22'];

describe('the short form of a reliability entry', () => {
  it.each(ENTRIES.filter(({ id }) => SHORT.includes(id)))('$id holds: $title', { timeout: 120_000 }, async (entry) => {
    const { line, violations } = await runEntry(entry, { short: true, seed: SEED });
    expect(violations).toEqual([]);
    expect(line).toMatchObject({ void: false, lost: 0, dup: 0, gaps: 0, nonlinearizable: 0, rm_diff: 0 });
  });

  it('tells what is lost and what differs, and is void without its fault', { timeout: 60_000 }, async () => {
    const { line, violations } = await runEntry(corrupted, { short: true, seed: SEED });
    expect(line).toMatchObject({ entry: 'R00', lost: 1, void: true, faults: 0 });
    expect(Number(line['rm_diff'])).toBeGreaterThan(0);
    expect(violations.map(({ rule }) => rule)).toContain('read-model-equals-fold');
  });
});
