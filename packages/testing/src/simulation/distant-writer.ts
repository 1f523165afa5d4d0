import type { BatchWriter, ReadModelWriter } from '@nestfold/core';
import type { Network } from './network.js';
import type { OpenTransactions } from './open-transactions.js';
import type { SimulatedProcess } from './simulated-process.js';

/**
 * A batch writer seen through the network. The work runs in the process, so it may be killed or paused between any two of its steps, and right
 * before the commit; the transaction then stays open until the server ends it.
 */
export function distantWriter(
  writer: BatchWriter,
  process: SimulatedProcess,
  network: Network,
  transactions: OpenTransactions,
): BatchWriter {
  return {
    session: writer.session,
    write: (batch, work) =>
      network.call(process, `writer.write ${batch.key}`, () =>
        writer.write(batch, async (models) => {
          const transaction = transactions.begin(batch.key, writer.session);
          const open: Step = (step) => Promise.race([transaction.ended, step()]);
          try {
            await open(async () => (process.isDead ? process.never() : process.gate()));
            await work(distantModels(models, process, network, open));
            // A commit that is under way may arrive, though its sender is dead.
            await open(async () => {
              await network.clock.pass(network.latency());
              if (process.isDead && network.chance.happens(0.5)) await process.never();
            });
          } finally {
            transaction.close();
          }
        }),
      ),
    close: () => (process.isDead ? process.never() : writer.close()),
  };
}

/** Runs a step of a transaction; fails when the transaction was ended meanwhile. */
type Step = <R>(step: () => Promise<R>) => Promise<R>;

function distantModels(
  models: ReadModelWriter,
  process: SimulatedProcess,
  network: Network,
  open: Step,
): ReadModelWriter {
  // No faults of their own: within a transaction a failed call ends all of it, and `writer.write` fails by itself.
  const step = <R>(effect: () => Promise<R>): Promise<R> =>
    open(async () => {
      if (process.isDead) return process.never();
      await network.clock.pass(network.latency());
      const answer = await effect();
      await process.gate();
      return answer;
    });
  return {
    find: (collection, ids) => step(() => models.find(collection, ids)),
    apply: (collection, changes) => step(() => models.apply(collection, changes)),
    patchWhere: (collection, match, set) => step(() => models.patchWhere(collection, match, set)),
  };
}
