import { randomUUID } from 'node:crypto';
import { storeTime, type StoreTime } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import type { CommandStartedEvent, CommandSucceededEvent, Timestamp } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeTimeOf } from '../connection/bson-mapping.js';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import { openRig, type Rig } from '../../test/read-side.rig.js';

describe('a read of a read model', () => {
  const database = testDatabase('causal_reads');
  let applying: Rig;
  let waiting: Rig;
  let totals: string;
  /** The clock of the commits. */
  const committed: StoreTime[] = [];
  /** From which time on each process reads the collection. */
  const from: (StoreTime | undefined)[] = [];

  beforeAll(async () => {
    const client = { monitorCommands: true };
    applying = await openRig({ uri: database.uri, database: database.name, client });
    waiting = await openRig({ uri: database.uri, database: database.name, client });
    applying.context.client.on('commandSucceeded', ({ commandName, reply }: CommandSucceededEvent) => {
      const { operationTime } = reply as { operationTime?: Timestamp };
      if (commandName === 'commitTransaction' && operationTime) committed.push(storeTimeOf(operationTime));
    });
    for (const { context } of [applying, waiting]) {
      context.client.on('commandStarted', ({ commandName, command }: CommandStartedEvent) => {
        if (
          ![totals, COLLECTIONS.registry, COLLECTIONS.generations, COLLECTIONS.parked].includes(
            String(command[commandName]),
          )
        )
          return;
        if (!('readConcern' in command)) return;
        const { afterClusterTime } = command['readConcern'] as { afterClusterTime?: Timestamp };
        from.push(afterClusterTime && storeTimeOf(afterClusterTime));
      });
    }
  });

  afterAll(async () => {
    await applying.close();
    await waiting.close();
    await database.drop();
  });

  async function apply(key: string): Promise<void> {
    totals = `totals_${randomUUID()}`;
    await applying.readModels.create(totals);
    const writer = await applying.checkpoints.openWriter(key);
    const { batch: previous } = (await applying.checkpoints.claim(key, 1))!;
    const position = { phase: 'live', began: storeTime(1, 1), horizon: storeTime(1, 0) } as const;
    const watermarks = { time: storeTime(5, 1), rows: [{ stream: 'order-1', seen: 1, applied: 1 }] };
    const batch = { key, token: 1, previous, id: randomUUID(), position, watermarks };
    const insert = { kind: 'insert', id: 'total', document: { _id: 'total', n: 1 } } as const;
    const outcome = await writer.write(batch, (models) => models.apply(totals, [insert]));
    expect(outcome).toEqual({ kind: 'committed' });
    await writer.close();
  }

  async function readEachWay({ readModels }: Rig): Promise<void> {
    from.length = 0;
    expect(await readModels.findById(totals, 'total')).toEqual({ _id: 'total', n: 1 });
    expect(await readModels.find(totals, {})).toHaveLength(1);
    expect(await readModels.count(totals, {})).toBe(1);
    for await (const one of readModels.scan(totals)) expect(one).toEqual({ _id: 'total', n: 1 });
    expect(await readModels.fedBy(totals, 'order-1', ['total'], 1)).toEqual(['total']);
    const late = from.map((time) => time !== undefined && time >= committed.at(-1)!);
    expect(late).toEqual([true, true, true, true, true]);
  }

  // A primary that was just elected may not know yet that a majority has the batch, and would answer from before it.
  // Fails without `observeOf` after the commit in `MongoBatchWriter`, and without the session of the clock in each read (tried).
  it('sees what its own process has applied [P-11]', async () => {
    await apply(randomUUID());
    await readEachWay(applying);
  });

  // Fails without the clock in the reads of parked streams: an owner could have applied what stands behind a parked event.
  it('knows of parked streams all that its process has seen', async () => {
    await apply(randomUUID());
    from.length = 0;
    const { parked } = applying;
    await parked.find('orders.1.1');
    await parked.requested('orders.1.1/0');
    await parked.get(randomUUID());
    await parked.list({ consumers: ['orders.1.1'], limit: 1 });
    await parked.summary('orders.1.1');
    expect(from.map((time) => time !== undefined && time >= committed.at(-1)!)).toEqual(Array(6).fill(true));
  });

  // Fails without the clock in the registry's reads: after a failover readers could have been sent to the former documents once more.
  it('is sent to documents that are as new as what its process has seen', async () => {
    await apply(randomUUID());
    from.length = 0;
    const { generations } = applying;
    await generations.entry('orders', 1);
    await generations.entries();
    await generations.generation('orders.1.1');
    await generations.generations('orders', 1);
    expect(from.map((time) => time !== undefined && time >= committed.at(-1)!)).toEqual([true, true, true, true]);
  });

  // With one `ReadConcern` for all, the driver wrote this process's time into everybody's reads: two clusters in one process blocked each other.
  it('leaves its time to nobody else', async () => {
    await apply(randomUUID());
    await readEachWay(applying);
    expect(MAJORITY.readConcern).toEqual({ level: 'majority' });
    from.length = 0;
    const { db } = waiting.context;
    await db.collection(totals, MAJORITY).findOne();
    expect(from).toEqual([undefined]);
  });

  // Fails when watermarks are read without the clock (tried).
  it('sees what the watermarks told a waiter in another process', async () => {
    const key = randomUUID();
    await apply(key);
    expect((await waiting.checkpoints.watermarks(key, ['order-1'])).get('order-1')).toMatchObject({ applied: 1 });
    await readEachWay(waiting);
  });
});
