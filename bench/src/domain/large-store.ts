import { Timestamp, type Db, type Document } from 'mongodb';
import { sliceOf } from '@nestfold/core';
import { commitDocument } from './commit-documents.js';

/** Events in each commit, in each ordinary stream, and in each of the long ones, of which there are so many. */
const A_COMMIT = 5;
const A_STREAM = 10;
export const LONG_STREAM = 1_000;
export const LONG_STREAMS = 10;
const AT_ONCE = 1_000;
const IN_FLIGHT = 2;

/** The names that a filled store holds. */
export interface LargeStore {
  readonly counters: number;
  /** An ordinary counter of ten events, by number. */
  counterOf(index: number): string;
  /** A counter of a thousand events, by number. */
  longCounterOf(index: number): string;
}

/**
 * Stores so many events quickly: past our store, thousands a command, five a commit, acknowledged by memory only, as an import could. The commits of
 * a stream lie far from each other, as they would where many streams grow at once. `told` hears how many are stored.
 */
export async function fillLarge(database: Db, events: number, told: (stored: number) => void): Promise<LargeStore> {
  const commits = database.collection('commits');
  const counters = Math.max(1, Math.floor((events - LONG_STREAM * LONG_STREAMS) / A_STREAM));
  const rounds = A_STREAM / A_COMMIT;
  const longCommits = LONG_STREAM / A_COMMIT;
  const total = counters * rounds;
  const everyLong = Math.max(1, Math.floor(total / longCommits));
  const clock = new PastClock();
  const inFlight = new Set<Promise<unknown>>();
  let batch: Document[] = [];
  let stored = 0;
  const flush = async (): Promise<void> => {
    const documents = batch;
    batch = [];
    const inserting: Promise<unknown> = commits
      .insertMany(documents, { ordered: false, writeConcern: { w: 1 } })
      .finally(() => inFlight.delete(inserting));
    inFlight.add(inserting);
    if (inFlight.size >= IN_FLIGHT) await Promise.race(inFlight);
    stored += documents.length * A_COMMIT;
    if (stored % 500_000 < documents.length * A_COMMIT) told(stored);
  };
  const put = async (id: string, commit: number): Promise<void> => {
    batch.push(commitOf(id, commit * A_COMMIT + 1, clock.next()));
    if (batch.length >= AT_ONCE) await flush();
  };
  for (let round = 0, ordinal = 0, long = 0; round < rounds; round += 1) {
    for (let counter = 0; counter < counters; counter += 1, ordinal += 1) {
      await put(`l${counter}`, round);
      if (ordinal % everyLong !== 0 || long >= longCommits) continue;
      for (let index = 0; index < LONG_STREAMS; index += 1) await put(`long${index}`, long);
      long += 1;
    }
  }
  if (batch.length > 0) await flush();
  await Promise.all(inFlight);
  return { counters, counterOf: (index) => `l${index}`, longCounterOf: (index) => `long${index}` };
}

/** Bytes on disk for an event, the log of operations included, at the most: to say whether there is room. */
export const DISK_BYTES_AN_EVENT = 500;

function commitOf(id: string, version: number, ts: Timestamp): Document {
  const stream = `counter-${id}`;
  const document = commitDocument(stream, version, 'bench.added', {}, ts);
  const added = { t: 'bench.added', k: 1, d: { counterId: id, by: 1 } };
  const e = Array.from({ length: A_COMMIT }, (_, index) =>
    version === 1 && index === 0 ? { t: 'bench.opened', k: 1, d: { counterId: id, label: 'bench' } } : added,
  );
  return { ...document, n: A_COMMIT, h: sliceOf(stream), e };
}

/** Times of a month ago, each once. */
class PastClock {
  private seconds = Math.floor(Date.now() / 1000) - 30 * 24 * 3600;
  private counter = 0;

  next(): Timestamp {
    if (this.counter === 1_000) {
      this.seconds += 1;
      this.counter = 0;
    }
    this.counter += 1;
    return new Timestamp({ t: this.seconds, i: this.counter });
  }
}
