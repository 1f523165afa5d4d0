import type { Generation } from '@nestfold/core';
import { generationLag } from '../engine/generation-lag.js';
import type { EngineContext } from '../running/engine-context.js';
import { partitionKeys } from '../running/keys.js';
import { RollbackRefused } from './rollback-refused.error.js';
import { SwapIn } from './swap-in.js';

const AGAIN_MS = 20;

/**
 * Makes the former generation live again, by the same swap as the other way: it has been fed all the time, so it is as fresh as the live one. Throws
 * `RollbackRefused` where there is none, where a partition of it has no owner (it stands still), and when the swap is not through after `2 · swapMs`.
 */
export async function rollBack(context: EngineContext, former: Generation, by: string): Promise<void> {
  const { environment, settings } = context;
  const { projection } = former;
  await insistOnFed(context, former);
  const deadline = environment.now() + 2 * settings.swapMs;
  const swap = new SwapIn(context);
  for (;;) {
    const end = await swap.attempt({ generation: former, by });
    if (end === 'done') return;
    if (environment.now() >= deadline)
      throw new RollbackRefused(
        projection,
        end === 'busy' ? 'another swap is under way' : 'the former generation does not catch up in time',
        await generationLag(context.connection, former),
      );
    await environment.sleep(AGAIN_MS);
    await insistOnFed(context, former);
  }
}

/** Partitions that are just being handed over, or that a swap has held, have no owner until somebody has looked again: on a busy machine more than a second. */
async function insistOnFed(context: EngineContext, former: Generation): Promise<void> {
  const { connection, environment, settings } = context;
  const deadline = environment.now() + settings.swapMs / 2 + 2 * settings.leasePollMs;
  while (!(await isFed(context, former))) {
    if (environment.now() < deadline) {
      await environment.sleep(AGAIN_MS);
      continue;
    }
    const lag = await generationLag(connection, former);
    throw new RollbackRefused(
      former.projection,
      `the former generation is not fed any more, and is ${lag.lagEvents} events and ${lag.lagSeconds} s behind`,
      lag,
    );
  }
}

async function isFed({ connection }: EngineContext, former: Generation): Promise<boolean> {
  const stored = await connection.generations.generation(former.id);
  if (stored === undefined || stored.state === 'retired' || stored.state === 'cancelled')
    throw new RollbackRefused(former.projection, 'the former generation was dropped');
  const leases = await connection.leases.findAll(partitionKeys(former));
  const fed = leases.filter(({ isExpired }) => !isExpired);
  return stored.state === 'live' && fed.length === former.partitions;
}
