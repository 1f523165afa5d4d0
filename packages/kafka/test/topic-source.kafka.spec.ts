import { describe, expect, it } from 'vitest';
import { Trail, TrailProjection, write } from './orders.fixture.js';
import { rigForEach, storedStreams } from './transport.fixture.js';

describe('projection that reads a topic', () => {
  const rig = rigForEach();

  it('applies each event of its topic once and in the order of its stream, over a restart [K-3]', async () => {
    const store = await rig.store();
    for (let run = 0; run < 2; run += 1) {
      const transport = await rig.transport([{ name: 'order', partitions: 3 }]);
      const engine = rig.engine(store, transport, ['relay', 'projections'], [TrailProjection]);
      await engine.start();
      await write(store, 400, 30);
      await engine.settled({ timeoutMs: 30_000 });
      const found = new Map((await engine.readModel(Trail).find({})).map(({ _id, versions }) => [_id, versions]));
      for (const [stream, commits] of await storedStreams(store)) {
        const count = commits.reduce((sum, { events }) => sum + events.length, 0);
        expect(found.get(stream)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
      }
      await engine.stop();
      await transport.close();
    }
  });
});
