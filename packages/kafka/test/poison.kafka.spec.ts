import type { EventContext } from '@nestfold/core';
import { On, Projection, ReadModelDocument, writes } from '@nestfold/projections';
import { describe, expect, it } from 'vitest';
import { kafka } from '../src/kafka.js';
import { append, fact, OrderShipped } from './orders.fixture.js';
import { rigForEach } from './transport.fixture.js';

@ReadModelDocument('mended_trail')
class MendedTrail {
  _id!: string;
  versions!: number[];
}

const trail = writes(MendedTrail);
/** Streams of which the second event cannot be applied, until the code is mended. */
const broken = new Set<string>();

@Projection('mended-trail', { version: 1, readModels: [MendedTrail], slicing: 'stream', source: kafka('order') })
class MendedTrailProjection {
  @On(OrderShipped) shipped(_event: OrderShipped, { stream, version }: EventContext) {
    if (version === 2 && broken.has(stream)) throw new Error('cannot be applied');
    return trail.reduce(stream, (document) => ({ versions: [...(document?.versions ?? []), version] }));
  }
}

describe('message that cannot be applied', () => {
  const rig = rigForEach();

  it('parks its stream and no other, and all that waited behind it is applied by a retry, without the store that it came from [K-7]', async () => {
    const topics = [{ name: 'order', partitions: 3 }];
    const source = await rig.store('source');
    await rig.engine(source, await rig.transport(topics), ['relay']).start();
    const engine = rig.engine(await rig.store(), await rig.transport(topics), ['projections'], [MendedTrailProjection]);
    await engine.start();
    const [bad, good] = ['order-1', 'order-2'];
    broken.add(bad);
    const trails = engine.readModel(MendedTrail);
    for (let round = 0; round < 4; round += 1)
      for (const stream of [bad, good]) await append(source, stream, fact(OrderShipped, { orderId: stream }));
    await expect.poll(async () => (await trails.findById(good))?.versions, { timeout: 20_000 }).toEqual([1, 2, 3, 4]);
    await expect.poll(async () => (await engine.status('mended-trail')).parked, { timeout: 20_000 }).toBe(1);
    expect((await trails.findById(bad))?.versions).toEqual([1]);

    broken.clear();
    const { deadLetters } = await engine.deadLetters();
    await engine.retryDeadLetter(deadLetters[0]!.id, 'ada');
    await expect.poll(async () => (await trails.findById(bad))?.versions, { timeout: 20_000 }).toEqual([1, 2, 3, 4]);
    for (const stream of [bad, good]) await append(source, stream, fact(OrderShipped, { orderId: stream }));
    await expect.poll(async () => (await trails.findById(bad))?.versions, { timeout: 20_000 }).toEqual([1, 2, 3, 4, 5]);
    expect(await engine.status('mended-trail')).toMatchObject({ state: 'live', parked: 0 });
  });
});
