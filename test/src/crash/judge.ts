import type { Db } from 'mongodb';
import type { Ledger } from './ledger.js';
import { digested } from './tally.js';

interface RawCommit {
  readonly _id: { readonly s: string; readonly v: number };
  readonly e: readonly { readonly d: { readonly tallyId: string; readonly by: number; readonly ref: string } }[];
}

/** What is wrong with a store after all is quiet; everything empty in a store that keeps its promises. */
export interface Verdict {
  /** Acknowledged, but not in the log, or elsewhere than was said. */
  readonly lost: readonly string[];
  /** In the log more than once. */
  readonly doubled: readonly string[];
  /** In the log without anybody having asked for it. */
  readonly invented: readonly string[];
  /** Versions of a stream that do not follow each other. */
  readonly gaps: readonly string[];
  /** Documents that differ from an independent fold of the log. */
  readonly differences: readonly string[];
  readonly contradictions: readonly string[];
}

/** The verdict on a store that kept its promises. */
export const INNOCENT: Verdict = { lost: [], doubled: [], invented: [], gaps: [], differences: [], contradictions: [] };

/** Reads the log and the read models with the bare driver and compares them with what the workers were told. */
export async function judge(database: Db, ledger: Ledger): Promise<Verdict> {
  const log = await database
    .collection<RawCommit>('commits')
    .find({}, { readConcern: { level: 'majority' } })
    .sort({ _id: 1 })
    .toArray();
  const places = new Map<string, number[]>();
  const heads = new Map<string, number>();
  const gaps: string[] = [];
  const views = new Map<string, { total: number; changes: number; digest: number }>();
  const overall = { total: 0, changes: 0 };
  for (const { _id, e } of log) {
    const head = heads.get(_id.s) ?? 0;
    if (_id.v !== head + 1) gaps.push(`${_id.s}: ${_id.v} after ${head}`);
    heads.set(_id.s, _id.v + e.length - 1);
    for (const [index, { d }] of e.entries()) {
      places.set(d.ref, [...(places.get(d.ref) ?? []), _id.v + index]);
      const before = views.get(d.tallyId) ?? { total: 0, changes: 0, digest: 0 };
      views.set(d.tallyId, {
        total: before.total + d.by,
        changes: before.changes + 1,
        digest: digested(before.digest, d.by),
      });
      overall.total += d.by;
      overall.changes += 1;
    }
  }
  const expected = new Map<string, object>([...views].map(([id, view]) => [`tally_view ${id}`, view]));
  if (overall.changes > 0) expected.set('overall all', overall);
  const actual = await documentsOf(database);
  const keys = new Set([...expected.keys(), ...actual.keys()]);
  return {
    lost: [...ledger.acknowledged].filter(([ref, version]) => !places.get(ref)?.includes(version)).map(([ref]) => ref),
    doubled: [...places].filter(([, at]) => at.length > 1).map(([ref, at]) => `${ref} at ${at.join(', ')}`),
    invented: [...places.keys()].filter((ref) => !ledger.asked.has(ref)),
    gaps,
    differences: [...keys]
      .filter((key) => text(expected.get(key)) !== text(actual.get(key)))
      .map((key) => `${key}: ${text(actual.get(key))} instead of ${text(expected.get(key))}`),
    contradictions: ledger.contradictions,
  };
}

/** How many additions the projection has applied, by its own count. */
export async function appliedCount(database: Db): Promise<number> {
  return Number((await documentsOf(database)).get('overall all')?.['changes'] ?? 0);
}

/** The collections of the live generation by read model, by the raw registry. */
export async function liveCollections(database: Db): Promise<Record<string, string>> {
  const generation = await database
    .collection('nestfold.generations')
    .findOne({ projection: 'tallies', state: 'live' }, { sort: { number: -1 } });
  return (generation?.['collections'] ?? {}) as Record<string, string>;
}

async function documentsOf(database: Db): Promise<Map<string, Record<string, unknown>>> {
  const found = new Map<string, Record<string, unknown>>();
  for (const [model, collection] of Object.entries(await liveCollections(database))) {
    for (const { _id, ...fields } of await database
      .collection<{ _id: string }>(collection)
      .find({}, { readConcern: { level: 'majority' } })
      .toArray()) {
      found.set(`${model} ${_id}`, fields);
    }
  }
  return found;
}

function text(document: object | undefined): string {
  return JSON.stringify(
    document && Object.fromEntries(Object.entries(document).sort(([left], [right]) => left.localeCompare(right))),
  );
}
