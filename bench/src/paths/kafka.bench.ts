import { startBroker, type BenchBroker } from '../domain/broker.js';
import { openContext, type BenchContext } from '../harness/context.js';
import { say } from '../harness/report.js';
import type { BenchResult } from '../harness/result.js';
import { kafkaLive } from './kafka-live.js';
import { kafkaRelay } from './kafka-relay.js';
import { kafkaSubscription } from './kafka-subscription.js';

/** The store's commits on their way through a broker: to a topic, from there into documents, and both together. */
export async function kafkaBench(context: BenchContext): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const part of [kafkaRelay, kafkaSubscription, kafkaLive])
    results.push(
      ...(await onItsOwn(context, part).catch((error: unknown) => {
        // A connection that a busy machine has lost, or a lease: the parts before it are not to be lost as well.
        say('kafka', `again, after ${String(error)}`);
        return onItsOwn(context, part);
      })),
    );
  return results;
}

/** On a store and a broker of its own: what was appended for one part would go through the topics of the next. */
async function onItsOwn(
  context: BenchContext,
  part: (context: BenchContext, broker: BenchBroker) => Promise<BenchResult[]>,
): Promise<BenchResult[]> {
  const broker = await startBroker();
  try {
    const own = await openContext(context, context);
    try {
      return await part(own, broker);
    } finally {
      await own.close();
    }
  } finally {
    await broker.stop();
  }
}
