import type { StoreConnection } from '@nestfold/core';
import type { ProjectionEngine } from '@nestfold/projections';
import { CounterTotal } from '../domain/counter-by-stream.js';
import { steadily } from '../harness/steady.js';
import { addToCounter } from './send-one.js';

const READS_A_SECOND = 200;
const WRITES_A_SECOND = 500;
/** Requests of a kind on their way, as a server in front of it would allow. */
const AT_ONCE = 500;
/** Of so many writes one is waited for. */
const ONE_IN = 10;
const PATIENCE_MS = 10_000;
/** What the history of each counter comes to: ten events, of which the first opens it. */
const FILLED = 9;

/** What is read and written, and where. */
export interface TrafficOptions {
  readonly store: StoreConnection;
  readonly engine: ProjectionEngine;
  readonly projection: string;
  /** How many there are, named as `fillHistory` names them. */
  readonly counters: number;
}

/** What came of it. */
export interface TrafficReport {
  readonly reads: number;
  readonly writes: number;
  readonly seconds: number;
  readonly errors: readonly string[];
  /** Reads that found nothing, less than another read before, or a document that does not agree with itself. */
  readonly halfBuilt: number;
}

/** Readers and writers that go on until they are stopped. */
export interface Traffic {
  /** Milliseconds from before an append until it was applied to what readers see, of those since the last call. */
  takeLags(): number[];
  /** The least that each counter must show: what was read of it, or waited for. */
  visible(): ReadonlyMap<string, number>;
  /** How many counters show less than that now. */
  countStale(seen: ReadonlyMap<string, number>): Promise<number>;
  collectionName(): Promise<string>;
  stop(): Promise<TrafficReport>;
}

/** Starts 200 reads and 500 writes a second, of counters at random. */
export function startTraffic({ store, engine, projection, counters }: TrafficOptions): Traffic {
  const model = engine.readModel(CounterTotal);
  const seen = new Map<string, number>();
  const errors: string[] = [];
  let lags: number[] = [];
  let halfBuilt = 0;
  let over = false;
  const started = performance.now();
  const anyCounter = (): string => `h${Math.floor(Math.random() * counters)}`;
  const noting = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      errors.push(String(error));
    }
  };
  const read = async (): Promise<void> => {
    const id = anyCounter();
    const least = seen.get(id) ?? FILLED;
    const document = await model.findById(id);
    const isWhole =
      document !== undefined &&
      document.label === 'bench' &&
      document.total === document.changes &&
      document.changes >= least;
    if (!isWhole) halfBuilt += 1;
    else seen.set(id, Math.max(document.changes, seen.get(id) ?? 0));
  };
  let ordinal = 0;
  const write = async (): Promise<void> => {
    const id = anyCounter();
    const started = performance.now();
    const isWaitedFor = (ordinal += 1) % ONE_IN === 0;
    const { stream, version, time: position } = await addToCounter(store, id);
    if (!isWaitedFor) return;
    const outcome = await engine.waitFor(projection, { stream, version, position }, { timeoutMs: PATIENCE_MS });
    lags.push(performance.now() - started);
    if (!outcome.applied) throw new Error(`An event was not applied in time: ${outcome.reason}`);
    // Its first event opened the counter.
    seen.set(id, Math.max(version - 1, seen.get(id) ?? 0));
  };
  const reading = steadily(
    READS_A_SECOND,
    () => over,
    () => noting(read),
    AT_ONCE,
  );
  const writing = steadily(
    WRITES_A_SECOND,
    () => over,
    () => noting(write),
    AT_ONCE,
  );
  return {
    takeLags: () => {
      const taken = lags;
      lags = [];
      return taken;
    },
    visible: () => new Map(seen),
    countStale: async (least) => {
      const documents = await model.find({ where: { _id: { in: [...least.keys()] } } });
      const shown = new Map(documents.map(({ _id, changes }) => [_id, changes]));
      return [...least].filter(([id, changes]) => (shown.get(id) ?? -1) < changes).length;
    },
    collectionName: () => model.collectionName(),
    stop: async () => {
      over = true;
      const [reads, writes] = await Promise.all([reading, writing]);
      return { reads, writes, seconds: (performance.now() - started) / 1000, errors, halfBuilt };
    },
  };
}
