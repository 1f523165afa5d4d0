import { judgeApplied, judgeHistory, judgeReadModel, type FinalEvent, type Violation } from '@nestfold/testing';
import type { Db } from 'mongodb';
import type { Ledger } from './ledger.js';
import { digested } from './tally.js';

interface Data {
  readonly tallyId: string;
  readonly by: number;
  readonly ref: string;
}

interface RawCommit {
  readonly _id: { readonly s: string; readonly v: number };
  readonly e: readonly { readonly t: string; readonly d: Data | null }[];
}

interface Sum {
  readonly total: number;
  readonly changes: number;
}

interface View extends Sum {
  readonly digest: number;
}

/** The verdict on a store that kept its promises. */
export const INNOCENT: readonly Violation[] = [];

/**
 * What is wrong with a store after all is quiet: reads the log and the read models with the bare driver, judges the log by what the workers were
 * told, and the read models by an independent fold. `without` are refs that are left out of the fold of a model, as somebody discarded them there.
 */
export async function judge(
  database: Db,
  ledger: Ledger,
  without: Readonly<Record<string, ReadonlySet<string>>> = {},
): Promise<Violation[]> {
  return [...(await judgeLog(database, ledger)), ...(await judgeModels(database, without))];
}

/** The same of the log alone. */
export async function judgeLog(database: Db, ledger: Ledger): Promise<Violation[]> {
  const log = new Map<string, FinalEvent[]>();
  for (const { _id, e } of await rawLog(database)) {
    const placed = e.map(({ d }, index) => ({
      version: _id.v + index,
      id: d?.ref ?? unreadableRef(_id.s, _id.v + index),
    }));
    const found = log.get(_id.s);
    if (found) found.push(...placed);
    else log.set(_id.s, placed);
  }
  return [
    ...judgeHistory(ledger, log),
    ...ledger.contradictions.map((message): Violation => ({ rule: 'ok-present', subject: 'answers', message })),
  ];
}

async function judgeModels(database: Db, without: Readonly<Record<string, ReadonlySet<string>>>): Promise<Violation[]> {
  const log = await rawLog(database);
  const found: Violation[] = [];
  for (const [model, collection] of Object.entries(await liveCollections(database))) {
    // Two versions of it are live at once: who uses it judges it.
    if (model === 'rolled_view') continue;
    const { views, overall } = folded(log, without[model]);
    const actual = await documentsOf(database, collection);
    if (model === 'overall') {
      found.push(...judgeApplied(model, overall.changes, Number(actual.get('all')?.['changes'] ?? 0)));
      found.push(...judgeReadModel(model, new Map(overall.changes > 0 ? [['all', overall]] : []), actual));
    } else {
      const misordered = [...views].filter(([id, view]) => isMisordered(view, actual.get(id)));
      for (const [id] of misordered) {
        const subject = `${model}/${id}`;
        found.push({ rule: 'delivered', subject, message: `${subject}: its events were applied in another order.` });
        views.delete(id);
        actual.delete(id);
      }
      found.push(...judgeReadModel(model, views, actual));
    }
  }
  return found;
}

/** What an event is called in whose data nothing can be read. */
export function unreadableRef(stream: string, version: number): string {
  return `${stream}:${version}`;
}

/** What the log comes to, leaving out what no projection of tallies can or must read. */
function folded(log: readonly RawCommit[], without = new Set<string>() as ReadonlySet<string>) {
  const views = new Map<string, View>();
  const overall = { total: 0, changes: 0 };
  for (const { e } of log)
    for (const { t, d } of e) {
      if (d === null || t !== 'tally.added' || without.has(d.ref)) continue;
      const { total, changes, digest } = views.get(d.tallyId) ?? { total: 0, changes: 0, digest: 0 };
      views.set(d.tallyId, { total: total + d.by, changes: changes + 1, digest: digested(digest, d.by) });
      overall.total += d.by;
      overall.changes += 1;
    }
  return { views, overall };
}

/** The same events, but in another order. */
function isMisordered(view: View, actual: Record<string, unknown> | undefined): boolean {
  return actual?.['total'] === view.total && actual['changes'] === view.changes && actual['digest'] !== view.digest;
}

function rawLog(database: Db): Promise<RawCommit[]> {
  return database
    .collection<RawCommit>('commits')
    .find({}, { readConcern: { level: 'majority' }, projection: { _id: 1, e: 1 } })
    .sort({ _id: 1 })
    .toArray();
}

/** How many additions the projection of all tallies has applied, by its own count. */
export async function appliedCount(database: Db): Promise<number> {
  const { overall } = await liveCollections(database);
  if (overall === undefined) return 0;
  return Number((await documentsOf(database, overall)).get('all')?.['changes'] ?? 0);
}

/** The collections of the live generations by read model, by the raw registry. */
export async function liveCollections(database: Db): Promise<Record<string, string>> {
  const entries = await database
    .collection<{ _id: { projection: string; version: number }; live?: number }>('nestfold.projections')
    .find({ live: { $exists: true } })
    .toArray();
  const ids = entries.map(({ _id, live }) => `${_id.projection}.${_id.version}.${live}`);
  const generations = await database
    .collection<{ _id: string; collections: Record<string, string> }>('nestfold.generations')
    .find({ _id: { $in: ids } })
    .toArray();
  return Object.assign({}, ...generations.map(({ collections }) => collections)) as Record<string, string>;
}

async function documentsOf(database: Db, collection: string): Promise<Map<string, Record<string, unknown>>> {
  const all = await database
    .collection<{ _id: string }>(collection)
    .find({}, { readConcern: { level: 'majority' }, projection: { _fedBy: 0 } })
    .toArray();
  return new Map(all.map(({ _id, ...fields }) => [_id, fields]));
}
