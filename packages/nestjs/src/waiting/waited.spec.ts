import type { NotAppliedReason } from '@nestfold/core';
import type { ProjectionEngine, WaitOptions, WaitOutcome, WaitTarget } from '@nestfold/projections';
import { describe, expect, it } from 'vitest';
import { waited } from './waited.js';

const commits = [1, 2].map((version): WaitTarget => ({ stream: 'order-1', version, position: '0' }));
const APPLIED: WaitOutcome = { applied: true };
const not = (reason: NotAppliedReason): WaitOutcome => ({ applied: false, reason });

/** Waits for both commits in `one` and `two`; what is answered in `two` for the second commit is given. */
async function waitedFor(last: Promise<WaitOutcome> | WaitOutcome, first: WaitOutcome = APPLIED) {
  const asked: string[] = [];
  const waitFor = async (name: string, { version }: WaitTarget, { timeoutMs }: WaitOptions = {}) => {
    asked.push(`${name} ${version} ${timeoutMs}`);
    if (version === 2) return name === 'two' ? last : APPLIED;
    return first;
  };
  // Nothing else of the engine is used.
  const engine = { waitFor } as unknown as ProjectionEngine;
  return { asked, outcome: waited(engine, { projections: ['one', 'two'], timeoutMs: 70 }, commits) };
}

describe('a wait for several writes in several projections', () => {
  it('is over when each projection has applied each write, all of them under one limit [V-6]', async () => {
    let apply = (): void => undefined;
    let isOver = false;
    const { asked, outcome } = await waitedFor(new Promise((resolve) => (apply = () => resolve(APPLIED))));
    void outcome.then(() => (isOver = true));
    expect(asked).toEqual(['one 1 70', 'one 2 70', 'two 1 70', 'two 2 70']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    apply();
    expect(await outcome).toEqual(APPLIED);
  });

  it('is not applied where one of them is not, and tells the reason that waiting would not change [V-6]', async () => {
    expect(await (await waitedFor(not('timeout'))).outcome).toEqual(not('timeout'));
    expect(await (await waitedFor(not('parked'), not('timeout'))).outcome).toEqual(not('parked'));
    expect(await (await waitedFor(not('timeout'), not('paused'))).outcome).toEqual(not('paused'));
  });
});
