import { randomUUID } from 'node:crypto';
import { testDatabase } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRig, type Rig } from '../../test/read-side.rig.js';
import { untilBlocked } from '../../test/until-blocked.js';
import { noSuchTransaction, withCommit } from '../../test/with-commit.js';

describe('a swap', () => {
  const database = testDatabase('swap');
  let rig: Rig;
  let other: Rig;

  beforeAll(async () => {
    rig = await openRig({ uri: database.uri, database: database.name });
    other = await openRig({ uri: database.uri, database: database.name });
  });

  afterAll(async () => {
    await rig.close();
    await other.close();
    await database.drop();
  });

  const begin = (projection: string): ReturnType<Rig['generations']['begin']> =>
    rig.generations.begin({
      projection,
      version: 1,
      readModels: ['view'],
      partitions: 1,
      epoch: 'e',
      startedBy: 'ada',
    });

  // With the checkpoints only read in its transaction the claim went through before the pointer moved, and both succeeded.
  it('holds the checkpoints on which it rests until the pointer has moved', async () => {
    const [projection, key] = [randomUUID(), randomUUID()];
    const generation = await begin(projection);
    await rig.checkpoints.claim(key, 1);
    const seen: string[] = [];
    let claiming: Promise<unknown> | undefined;
    const swapped = await withCommit(
      rig.context.client,
      async (original) => {
        claiming ??= other.checkpoints.claim(key, 2).then(() => seen.push('claimed'));
        await Promise.race([claiming, untilBlocked(other.context.db, 'nestfold.checkpoints', key)]);
        seen.push('committing');
        await original();
      },
      () => rig.generations.swap({ generation, by: 'ada', held: [{ key, token: 1 }] }),
    );
    await claiming;
    expect(swapped).toBe(true);
    expect(seen).toEqual(['committing', 'claimed']);
  });

  // Where a step did not recognise itself, a build of which nobody knew was left, and the second attempt refused by it.
  it('and a beginning recognise themselves when the answer to their commit was lost', async () => {
    const projection = randomUUID();
    let commits = 0;
    const generation = await withCommit(
      rig.context.client,
      lostOnce(() => (commits += 1)),
      () => begin(projection),
    );
    expect(generation).toMatchObject({ number: 1, state: 'building' });
    expect(await rig.generations.generations(projection, 1)).toHaveLength(1);
    const swap = (): Promise<boolean> => rig.generations.swap({ generation, by: 'ada', held: [] });
    expect(
      await withCommit(
        rig.context.client,
        lostOnce(() => (commits += 1)),
        swap,
      ),
    ).toBe(true);
    expect(await rig.generations.entry(projection, 1)).toMatchObject({ live: 1 });
    expect(commits).toBe(4);
  });
});

/** Commits, and tells the first time that there is no such transaction. */
function lostOnce(counted: () => void): (original: () => Promise<void>) => Promise<void> {
  let lost = false;
  return async (original) => {
    counted();
    await original();
    if (lost) return;
    lost = true;
    throw noSuchTransaction();
  };
}
