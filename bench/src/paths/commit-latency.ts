import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreConnection } from '@nestfold/core';
import type { ProjectionDefinition } from '@nestfold/projections';
import { startEngine } from '../domain/engine.js';
import { steadily } from '../harness/steady.js';
import { watchedStore } from '../harness/watched-store.js';
import { openCounter } from './send-one.js';

/** What is measured. */
export interface CommitLatencyOptions {
  readonly store: StoreConnection;
  readonly projections: readonly ProjectionDefinition[];
  readonly perSecond: number;
  readonly seconds: number;
  /** The name of a projection that is made slow: each of its batches takes this many milliseconds an event, two seconds at the most. */
  readonly slow?: { readonly projection: string; readonly millisecondsAnEvent: number };
}

const PATIENCE_MS = 60_000;
const SLOWEST_MS = 2_000;

/**
 * Runs projections, appends at a steady rate, and answers for each document and projection (the slow one left out) the milliseconds from before the
 * append until the batch that holds it was committed. Seen from within the process, so that watching costs the database nothing.
 */
export async function measureCommits(options: CommitLatencyOptions): Promise<number[]> {
  const { store, projections, perSecond, seconds, slow } = options;
  const counted = projections.filter(({ name }) => name !== slow?.projection);
  const sent = new Map<string, { readonly at: number; left: number }>();
  let latencies: number[] = [];
  let late = 0;
  const watched = watchedStore(store, {
    before: async (key) => {
      if (slow === undefined || !key.startsWith(`${slow.projection}.`)) return;
      // It falls behind ever more: its next batch holds all that came while it slept.
      await sleep(Math.min(SLOWEST_MS, slow.millisecondsAnEvent * Math.max(1, late)));
      late = 0;
    },
    committed: (key, ids) => {
      if (slow !== undefined && key.startsWith(`${slow.projection}.`)) return;
      for (const id of ids) {
        const one = sent.get(id);
        if (one === undefined) continue;
        latencies.push(performance.now() - one.at);
        if ((one.left -= 1) === 0) sent.delete(id);
      }
    },
  });
  const engine = await startEngine(watched, projections);
  const send = async (): Promise<void> => {
    const id = randomUUID();
    sent.set(id, { at: performance.now(), left: counted.length });
    late += 1;
    await openCounter(store, id);
  };
  const arrived = async (): Promise<void> => {
    const deadline = performance.now() + PATIENCE_MS;
    while (sent.size > 0 && performance.now() < deadline) await sleep(10);
    if (sent.size > 0) throw new Error(`${sent.size} documents did not arrive in all projections.`);
  };
  try {
    // A first document tells that all of them are live and have caught up; the first seconds warm the code.
    await send();
    await arrived();
    for (const stretch of [1, seconds]) {
      latencies = [];
      const end = performance.now() + stretch * 1000;
      await steadily(perSecond, () => performance.now() >= end, send);
      await arrived();
    }
    return latencies;
  } finally {
    await engine.stop();
  }
}
