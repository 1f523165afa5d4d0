import type { INestApplicationContext } from '@nestjs/common';
import type { FillOptions } from '../composition.js';
import { Seeder } from './seeder.js';

const EVERY_MS = 1_000;

const number = new Intl.NumberFormat('en-US');

/** Seeds, and says on the screen how far it is. A failure is said too: the shop serves without samples. */
export async function fillWithSamples(app: INestApplicationContext, { say, signal }: FillOptions): Promise<void> {
  const seeder = app.get(Seeder, { strict: false });
  let spoke = Date.now();
  const progress = (done: number, total: number): void => {
    if (Date.now() - spoke < EVERY_MS) return;
    spoke = Date.now();
    say(`Filling the shop with samples: ${number.format(done)} of ${number.format(total)} commands`);
  };
  try {
    const { outcome, commands, seconds } = await seeder.seed({ progress, signal });
    const rate = number.format(Math.round(commands / Math.max(seconds, 0.001)));
    if (outcome === 'seeded')
      say(`Samples are complete: ${number.format(commands)} commands in ${seconds.toFixed(1)} s (${rate}/s).`);
    if (outcome === 'stopped') say('Samples are incomplete: the next start completes them.');
    if (outcome === 'kept') say('The shop holds data already: no samples were added.');
  } catch (error) {
    if (signal.aborted) return;
    const reason = error instanceof Error ? error.message : String(error);
    say(`Samples are incomplete (${reason}). The next start completes them; SEED=off starts without.`);
  }
}
