import { randomUUID } from 'node:crypto';
import { startEngine } from '../domain/engine.js';
import { CommandCounter } from '../harness/command-counter.js';
import type { BenchContext } from '../harness/context.js';
import { compare, type BenchResult } from '../harness/result.js';
import { say } from '../harness/report.js';
import { steadily } from '../harness/steady.js';
import { addToCounter, openCounter } from './send-one.js';

const PER_SECOND = 500;
const COUNTERS = 1000;
/** Checkpoint, documents, watermarks, commit. */
const RAW = 4;

/** Commands that a live batch of a transactional projection costs, when it only changes documents, and when it also makes some. */
export async function commandsBench({ store, reopen, quick }: BenchContext): Promise<BenchResult[]> {
  const seconds = quick ? 2 : 5;
  const counter = new CommandCounter();
  const counted = await reopen(counter.options);
  const engine = await startEngine(counted);
  try {
    for (let index = 0; index < COUNTERS; index += 100)
      await Promise.all(Array.from({ length: 100 }, (_, next) => openCounter(store, `c${index + next}`)));
    await engine.settled({ timeoutMs: 30_000 });
    const model = await engine.collection();
    const batch = async (send: (ordinal: number) => Promise<unknown>): Promise<number> => {
      counter.forget();
      const end = performance.now() + seconds * 1000;
      let ordinal = 0;
      await steadily(
        PER_SECOND,
        () => performance.now() >= end,
        async () => void (await send((ordinal += 1))),
      );
      await engine.settled({ timeoutMs: 30_000 });
      const ends = ['commitTransaction', 'abortTransaction'];
      const collections = [model, 'nestfold.checkpoints', 'nestfold.watermarks', 'nestfold.parked'];
      return counter.count({ collections, names: ends }) / counter.count({ names: ['commitTransaction'] });
    };
    say('commands.batch', 'counting');
    const changing = await batch((ordinal) => addToCounter(store, `c${ordinal % COUNTERS}`));
    const mixed = await batch((ordinal) =>
      ordinal % 10 === 0 ? openCounter(store, randomUUID()) : addToCounter(store, `c${ordinal % COUNTERS}`),
    );
    return [
      compare('commands.batch', changing, RAW, 'commands'),
      compare('commands.batch.mixed', mixed, RAW + 1, 'commands'),
    ];
  } finally {
    await engine.stop();
    await counted.close();
  }
}
