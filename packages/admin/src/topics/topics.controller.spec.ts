import 'reflect-metadata';
import {
  InMemoryBroker,
  inMemoryTransport,
  IntegrationEvent,
  silentLogger,
  systemEnvironment,
  type Commit,
} from '@nestfold/core';
import type { Problem } from '@nestfold/nestjs';
import { On, Projection, ReadModelDocument, writes } from '@nestfold/projections';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, audited, start, stop } from '../admin.fixture.js';
import type { ProjectionDto, RefusedPageDto, RefusedRedriveDto, RelayDto } from '../index.js';

/** Whether what arrives is taken: no until a build that knows better. */
let isMended = false;

@IntegrationEvent<Told>('others.told', { check: ({ by }) => (isMended || by > 0 ? [] : ['by is not above 0']) })
class Told {
  by!: number;
}

@ReadModelDocument('told_sums')
class ToldSum {
  _id!: string;
  seen!: number[];
}

@Projection('told-sums', {
  version: 1,
  readModels: [ToldSum],
  slicing: 'stream',
  source: { kind: 'topic', topic: 'told' },
})
class ToldSums {
  @On(Told) told({ by }: Told, { stream }: { readonly stream: string }) {
    return writes(ToldSum).reduce(stream, (document) => ({ seen: [...(document?.seen ?? []), by] }));
  }
}

const TOPICS = [{ name: 'told', categories: ['other'], partitions: 1, carries: 'integration-events' as const }];

async function startOn(broker: InMemoryBroker) {
  const runtime = { environment: systemEnvironment, logger: silentLogger };
  const transport = inMemoryTransport(TOPICS, broker);
  await (await transport.connect(runtime)).prepare(TOPICS);
  const { nestfold } = await start({}, '', [ToldSums], { transports: [transport] });
  const send = (id: string, version: number, by: number): void => {
    const commit: Commit = {
      stream: `other-${id}`,
      firstVersion: version,
      id: systemEnvironment.uuid(),
      keyed: false,
      events: [{ type: 'others.told', schema: 1, data: { by } }],
      metadata: { correlationId: 'c', causationId: 'u' },
      occurredAt: new Date(0),
      recordedAt: new Date(0),
      time: '0000000100000001',
    };
    broker.put('told', 0, { relayed: { commit, relay: { epoch: 'e', token: 1 } } });
  };
  return { send, seen: async (id: string) => (await nestfold.readModel(ToldSum).findById(`other-${id}`))?.seen };
}

const refused = async (query = ''): Promise<RefusedPageDto> =>
  (await ask<RefusedPageDto>('GET', `/topics/told/refused${query}`)).body;
const redrive = () => ask<RefusedRedriveDto>('POST', '/topics/told/refused/redrive');

// Without the retry in `redrive` the second attempt never comes.
describe('refused messages of a topic', () => {
  afterEach(async () => {
    isMended = false;
    await stop();
  });

  it('are counted and listed with what waits behind them, and are redriven in order once the code is mended [K-14]', async () => {
    const broker = new InMemoryBroker();
    const { send, seen } = await startOn(broker);
    broker.put('told', 0, { problem: 'is no commit' });
    for (const id of ['a', 'b']) [1, -2, 3].forEach((by, index) => send(id, index + 1, by));
    send('c', 1, 7);
    await vi.waitFor(async () => expect(await seen('c')).toEqual([7]), 20_000);
    await vi.waitFor(async () => {
      const { body } = await ask<ProjectionDto>('GET', '/projections/told-sums');
      expect(body).toMatchObject({ state: 'live', parked: 2 });
    }, 20_000);
    expect((await ask<RelayDto[]>('GET', '/relays')).body).toMatchObject([{ topic: 'told', refused: 3 }]);
    const { messages, kept } = await refused();
    expect(kept).toBe(3);
    expect(messages).toMatchObject([
      { id: 0, offset: 0, projection: 'told-sums', reason: 'is no commit' },
      { id: 1, offset: 2, stream: 'other-a', reason: expect.stringContaining('by is not above 0') },
      { id: 2, offset: 5, stream: 'other-b' },
    ]);
    const [garbage, first] = messages;
    expect(garbage).not.toHaveProperty('deadLetter');
    expect((await ask('GET', `/dead-letters/${first?.deadLetter}`)).body).toMatchObject({
      stream: 'other-a',
      waiting: 2,
    });
    expect(await refused('?limit=1&after=0')).toMatchObject({ messages: [{ id: 1 }], next: 1 });

    // What is still refused stays parked.
    expect(await redrive()).toMatchObject({ status: 202, body: { topic: 'told', streams: 2 } });
    await vi.waitFor(async () => {
      const { body } = await ask('GET', `/dead-letters/${first?.deadLetter}`);
      expect(body).toMatchObject({ attempts: 2, history: [{}, { by: 'ada' }] });
    }, 20_000);
    expect(await seen('a')).toEqual([1]);

    isMended = true;
    send('a', 4, 4);
    await redrive();
    for (const [id, whole] of [
      ['a', [1, -2, 3, 4]],
      ['b', [1, -2, 3]],
    ] as const)
      await vi.waitFor(async () => expect(await seen(id)).toEqual(whole), 20_000);
    expect((await redrive()).body).toEqual({ topic: 'told', streams: 0 });
    expect((await refused()).messages.map(({ deadLetter }) => deadLetter)).toEqual([undefined, undefined, undefined]);
    expect(await audited()).toMatchObject(
      Array.from({ length: 3 }, () => ({
        type: '$admin.refused-redrive-requested',
        topic: 'told',
        actor: { id: 'ada' },
      })),
    );
  }, 60_000);

  it.each([
    ['?limit=0', ['limit']],
    ['?limit=201&after=-1', ['limit', 'after']],
    ['?limit=1&limit=2', ['limit']],
    ['?$where=1', ['$where']],
  ])('are not listed by %s: 400 with everything that is wrong', async (query, paths) => {
    await startOn(new InMemoryBroker());
    const { status, body } = await ask<Problem>('GET', `/topics/told/refused${query}`);
    expect([status, body.errors?.map(({ path }) => path)]).toEqual([400, paths]);
  });

  it('are not found of what is no topic here, and nothing is written down', async () => {
    await startOn(new InMemoryBroker());
    for (const topic of ['order', '%24ne', 'told.refused']) {
      expect((await ask('GET', `/topics/${topic}/refused`)).status).toBe(404);
      expect((await ask('POST', `/topics/${topic}/refused/redrive`)).status).toBe(404);
    }
    expect(await audited()).toEqual([]);
  });
});
