import fc from 'fast-check';
import { expect } from 'vitest';
import { fact, type ContractContext, type ContractSuite } from '../contract-case.js';
import type { StoreFixture } from '../fixture.js';
import { runContract } from '../run-contract.js';
import { anyBatches, fittingBatches, NOTHING_ADDED, type Batches } from './arbitrary-events.js';
import { FoldRun, placed, type FoldResult } from './fold-run.js';

/** Folds random events, in batches and one by one, and compares what comes of it. */
async function compare(
  { store, connect, name }: ContractContext,
  runs: number,
  arbitrary: fc.Arbitrary<Batches>,
  agree: (batched: FoldResult, single: FoldResult) => void,
): Promise<void> {
  const batched = await FoldRun.open(store, name('batched'));
  const single = await FoldRun.open(await connect(), name('single'));
  let documents = 0;
  const check = fc.asyncProperty(arbitrary, async (batches) => {
    const oneByOne = placed(batches)
      .flat()
      .map((event) => [event]);
    const [together, apart] = [await batched.foldAll(placed(batches)), await single.foldAll(oneByOne)];
    documents += together.documents.length;
    agree(together, apart);
  });
  try {
    await fc.assert(check, { numRuns: runs, examples: [[NOTHING_ADDED]] });
    // A store that keeps nothing agrees with itself.
    expect(documents).toBeGreaterThan(0);
  } finally {
    await batched.close();
    await single.close();
  }
}

/** The laws of the fold on a store, as data: `runs` random sequences of events each. */
export function foldSuite(runs: number): ContractSuite {
  return {
    name: 'the contract of the fold',
    cases: [
      fact('makes of a batch what its events one by one make, and stops at the same event [P-2]', (context) =>
        compare(context, runs, fittingBatches, (batched, single) => expect(batched).toEqual(single)),
      ),

      // Where a write does not fit, a batch may fail in vain (its target turns out to be missing) or hide it (its target is
      // removed later): an engine then applies the events one by one. What must hold is that nothing else comes of it.
      fact('comes to the same documents where writes may not fit, as long as no event fails [P-2]', (context) =>
        compare(context, runs, anyBatches, (batched, single) => {
          if (single.stoppedAt === undefined)
            expect(batched).toEqual({ ...single, refusedInVain: expect.any(Number) as number });
        }),
      ),
    ],
  };
}

/** Checks that a projection's batches equal their events one by one on an adapter's read models: call it in a spec file. 300 runs by default. */
export function foldContract(fixture: StoreFixture, options: { readonly runs?: number } = {}): void {
  runContract(foldSuite(options.runs ?? 300), fixture, { timeoutMs: 120_000 });
}
