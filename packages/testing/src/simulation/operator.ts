import type { InMemoryDatabase } from '@nestfold/core';
import type { ProjectionEngine } from '@nestfold/projections';
import type { Chance } from './chance.js';

/** What an operator does with what is parked: each dead letter is tried again, or now and then left out. */
export async function redrive(engine: ProjectionEngine, chance: Chance): Promise<void> {
  const { deadLetters } = await engine.deadLetters();
  for (const { id } of deadLetters)
    await (chance.happens(0.7) ? engine.retryDeadLetter(id, 'operator') : engine.discardDeadLetter(id, 'operator'));
}

/** Holds a projection back, or lets it go on. */
export async function toggle(engine: ProjectionEngine, projection: string, chance: Chance): Promise<void> {
  await (chance.happens(0.5) ? engine.pause(projection, 'operator') : engine.resume(projection, 'operator'));
}

/** Holds one of the builds back, slows it down, or takes both back. */
export async function disturb(engine: ProjectionEngine, database: InMemoryDatabase, chance: Chance): Promise<void> {
  const builds = buildsIn(database);
  if (builds.length === 0) return;
  const id = chance.pick(builds);
  const lot = chance.number();
  if (lot < 0.3) await engine.pauseRebuild(id);
  else if (lot < 0.6) await engine.throttleRebuild(id, chance.whole(1, 50));
  else if (lot < 0.8) await engine.throttleRebuild(id, undefined);
  else await engine.resumeRebuild(id);
}

/** Takes all of that back: nothing is paused or slow any more. */
export async function mend(
  engine: ProjectionEngine,
  database: InMemoryDatabase,
  projections: readonly string[],
): Promise<void> {
  for (const projection of projections) await engine.resume(projection, 'operator');
  for (const id of buildsIn(database)) {
    await engine.resumeRebuild(id);
    await engine.throttleRebuild(id, undefined);
  }
}

/** The builds that are under way. */
export function buildsIn({ generations }: InMemoryDatabase): string[] {
  return [...generations.values()].filter(({ state }) => state === 'building').map(({ id }) => id);
}
