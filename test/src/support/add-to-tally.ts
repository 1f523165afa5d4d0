import {
  commandIdOf,
  createMessageContext,
  runInContext,
  type AggregateRepository,
  type CommandReceipt,
} from '@nestfold/core';
import type { Tally } from '../crash/tally.js';
import { refsOf, type Addition } from '../crash/worker-protocol.js';

/** Adds under the addition's own idempotency key: repeated, it takes effect once. Throws what the repository throws. */
export function addToTally(tallies: AggregateRepository<Tally>, addition: Addition): Promise<CommandReceipt> {
  const { ref, tallyId, by } = addition;
  const context = createMessageContext({
    messageId: commandIdOf('tester', 'AddToTally', ref),
    messageType: 'AddToTally',
    keyed: true,
    bodyHash: `${tallyId}:${by}`,
  });
  return runInContext(context, () =>
    tallies.save(tallyId, (tally) => refsOf(addition).forEach((one) => tally.add(tallyId, by, one))),
  );
}
