import 'reflect-metadata';
import { CommandBus, InMemoryBroker, inMemoryTransport } from '@nestfold/core';
import { On, Projection, ReadModelDocument, writes } from '@nestfold/projections';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, Raise, Raised, start, stop } from '../admin.fixture.js';
import type { ProjectionDto, RelayDto } from '../index.js';

@ReadModelDocument('sent_totals')
class SentTotal {
  _id!: string;
  sum!: number;
}

/** What `totals` is, from a topic. */
@Projection('sent-totals', {
  version: 1,
  readModels: [SentTotal],
  slicing: 'stream',
  source: { kind: 'topic', topic: 'counter' },
})
class SentTotals {
  @On(Raised) raised({ by }: Raised) {
    return writes(SentTotal).increment('all', { sum: by }, { initial: { sum: 0 } });
  }
}

const TOPICS = [{ name: 'counter', categories: ['counter'], partitions: 1 }];

async function startOn(broker: InMemoryBroker) {
  const { app, nestfold } = await start({}, '', [SentTotals], { transports: [inMemoryTransport(TOPICS, broker)] });
  const raise = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1)
      await app.get(CommandBus).execute(Raise.of({ id: 'a', by: 1 }), { actor: { id: 'anna' } });
  };
  return { nestfold, raise };
}

const projection = async (name: string): Promise<ProjectionDto> =>
  (await ask<ProjectionDto>('GET', `/projections/${name}`)).body;
const relays = async (): Promise<RelayDto[]> => (await ask<RelayDto[]>('GET', '/relays')).body;

describe('relays and projections that read topics', () => {
  afterEach(stop);

  it('are shown with their lag: where reading stops it grows, and where it goes on it is gone', async () => {
    const { raise, nestfold } = await startOn(new InMemoryBroker());
    expect(await projection('totals')).not.toHaveProperty('topic');
    expect(await projection('sent-totals')).toMatchObject({ topic: 'counter', state: 'live', lagEvents: 0 });
    await ask('POST', '/projections/sent-totals/pause');
    await vi.waitFor(async () => expect((await projection('sent-totals')).partitions[0]?.owner).toBeUndefined(), 5_000);
    await raise(7);
    await vi.waitFor(async () => expect(await projection('sent-totals')).toMatchObject({ lagEvents: 7 }), 5_000);
    await vi.waitFor(async () => expect(await projection('totals')).toMatchObject({ lagEvents: 0 }), 5_000);
    await ask('POST', '/projections/sent-totals/resume');
    await vi.waitFor(async () => expect(await projection('sent-totals')).toMatchObject({ lagEvents: 0 }), 5_000);
    await nestfold.settled();
    expect(await nestfold.readModel(SentTotal).findById('all')).toMatchObject({ sum: 13 });
    expect(await relays()).toMatchObject([{ topic: 'counter', state: 'relaying', sent: 10, lagEvents: 0 }]);
    expect((await relays())[0]?.owner).toBeDefined();
  });

  it('say what keeps a relay from sending, and how much waits', async () => {
    const broker = new InMemoryBroker();
    const { raise } = await startOn(broker);
    broker.isAway = true;
    await raise(3);
    await vi.waitFor(
      async () =>
        expect(await relays()).toMatchObject([
          { state: 'retrying', lagEvents: 3, error: { code: 'transport.unavailable' } },
        ]),
      5_000,
    );
    broker.isAway = false;
    await vi.waitFor(async () => expect(await relays()).toMatchObject([{ state: 'relaying', lagEvents: 0 }]), 5_000);
    expect((await relays())[0]).not.toHaveProperty('error');
  });

  it('are none without a transport', async () => {
    await start();
    expect(await relays()).toEqual([]);
  });
});
