import { systemEnvironment } from '@nestfold/core';
import type { ProjectionEngine } from '@nestfold/projections';
import { RolledView, type RolledVersion } from './rolled.js';
import type { WorkerReport } from './worker-protocol.js';

const EVERY_MS = 20;
const TOLD_EVERY = 10;

/**
 * Waits until an engine says that it is ready, and from then on asks what readers of its process would see: an answer is of the version that the process
 * has compiled, of one version only, and never behind the one before.
 */
export async function watchAnswers(
  engine: ProjectionEngine,
  version: RolledVersion,
  say: (report: WorkerReport) => void,
): Promise<{ readonly stop: () => Promise<void> }> {
  while (!engine.readiness().ready) await systemEnvironment.sleep(10);
  const model = engine.readModel(RolledView);
  let on = true;
  let before = 0;
  let count = 0;
  const wrong = (message: string): void => say({ kind: 'wrong', message: `version ${version}: ${message}` });
  const reading = (async () => {
    while (on) {
      const found = await model.findById('all').catch((error: unknown) => wrong(String(error)));
      const { changes = 0, weight = 0 } = found ?? {};
      if (found && found.version !== version) wrong(`an answer of version ${found.version}`);
      if (weight !== changes * version) wrong(`${changes} changes weigh ${weight}`);
      if (changes < before) wrong(`${changes} changes after ${before}`);
      before = changes;
      count += 1;
      if (count % TOLD_EVERY === 0) say({ kind: 'answered', count });
      await systemEnvironment.sleep(EVERY_MS);
    }
    say({ kind: 'answered', count });
  })();
  return {
    stop: async () => {
      on = false;
      await reading;
    },
  };
}
