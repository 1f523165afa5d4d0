import { randomUUID } from 'node:crypto';
import { isStoreUnavailable, storeTime, type Batch, type Position, type ReadModelWriter } from '@nestfold/core';
import { type MongoServer, startMongo, Stopwatch, testDatabase } from '@nestfold/dev-stack';
import type { CommandStartedEvent } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRig, type Rig } from '../../test/read-side.rig.js';
import { untilBlocked } from '../../test/until-blocked.js';
import { noSuchTransaction, withCommit } from '../../test/with-commit.js';

const POSITION: Position = { phase: 'live', began: storeTime(1, 1), horizon: storeTime(1, 0) };

function batchOf(key: string, token: number, previous: string, more: Partial<Batch> = {}): Batch {
  return { key, token, previous, id: randomUUID(), position: POSITION, ...more };
}

const counting =
  (collection: string) =>
  (models: ReadModelWriter): Promise<void> =>
    models.apply(collection, [{ kind: 'update', id: 'total', increment: { n: 1 }, initial: { _id: 'total', n: 0 } }]);

/** Ends when it is told to. */
function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), opened };
}

describe('a partition that changes hands', () => {
  const database = testDatabase('takeover');
  let dying: Rig;
  let taker: Rig;
  const commands: CommandStartedEvent[] = [];

  beforeAll(async () => {
    const appName = 'dying';
    dying = await openRig({ uri: database.uri, database: database.name, client: { appName, monitorCommands: true } });
    taker = await openRig({ uri: database.uri, database: database.name });
    dying.context.client.on('commandStarted', (event) => commands.push(event));
  });

  afterAll(async () => {
    await dying.close();
    await taker.close();
    await database.drop();
  });

  async function collection(): Promise<string> {
    const name = `totals_${randomUUID()}`;
    await taker.readModels.create(name);
    return name;
  }

  const totalOf = async (name: string): Promise<unknown> => (await taker.readModels.findById(name, 'total'))?.['n'];

  // Without the kill in `acquire` and in `claim` the taker was refused after six seconds, and would have waited for over a minute.
  it('is free of what its dead owner left open within milliseconds [P-4]', async () => {
    const [key, totals] = [randomUUID(), await collection()];
    const [death, dead] = [gate(), gate()];
    const writer = await dying.checkpoints.openWriter(key);
    const lease = await dying.leases.acquire(key, { owner: randomUUID(), ttlMs: 100, session: writer.session });
    const claimed = await dying.checkpoints.claim(key, lease!.token);
    const outcome = writer.write(batchOf(key, lease!.token, claimed!.batch), async (models) => {
      await counting(totals)(models);
      dead.open();
      await death.opened;
    });
    await dead.opened;

    const successor = await taker.checkpoints.openWriter(key);
    const owner = randomUUID();
    await expect
      .poll(() => taker.leases.acquire(key, { owner, ttlMs: 30_000, session: successor.session }))
      .toBeDefined();
    const watch = Stopwatch.start();
    const token = (await taker.leases.find(key))!.token;
    const taken = await taker.checkpoints.claim(key, token);
    expect(await successor.write(batchOf(key, token, taken!.batch), counting(totals))).toEqual({ kind: 'committed' });
    expect(watch.stop()).toBeLessThan(1_000);
    expect(taken?.position).toBeUndefined();

    death.open();
    expect(await outcome).toEqual({ kind: 'fenced' });
    expect(await totalOf(totals)).toBe(1);
    await writer.close();
    await successor.close();
  });

  it('by force waits for the batch in flight instead of ending it', async () => {
    const [key, totals] = [randomUUID(), await collection()];
    const begun = gate();
    const writer = await dying.checkpoints.openWriter(key);
    const lease = await dying.leases.acquire(key, { owner: randomUUID(), ttlMs: 30_000, session: writer.session });
    const claimed = await dying.checkpoints.claim(key, lease!.token);
    const batch = batchOf(key, lease!.token, claimed!.batch);
    const outcome = writer.write(batch, async (models) => {
      await counting(totals)(models);
      begun.open();
      // A kill would end the batch before its claim ever waits for it.
      await untilBlocked(taker.context.db, 'nestfold.checkpoints', key);
    });
    await begun.opened;
    const forced = await taker.leases.acquire(key, { owner: randomUUID(), ttlMs: 2_000, force: true });
    const stamped = await taker.checkpoints.claim(key, forced!.token);
    expect(await outcome).toEqual({ kind: 'committed' });
    expect(stamped?.position).toEqual(POSITION);
    expect(await writer.write(batchOf(key, lease!.token, batch.id), counting(totals))).toEqual({ kind: 'fenced' });
    expect(await totalOf(totals)).toBe(1);
    await writer.close();
  });

  it('is claimed when a stranger lets go of it, and refused in time when none does', async () => {
    const key = randomUUID();
    await dying.checkpoints.claim(key, 1);
    const hold = async (): Promise<() => Promise<void>> => {
      const session = taker.context.client.startSession();
      session.startTransaction();
      await taker.context.db
        .collection<{ _id: string }>('nestfold.checkpoints')
        .updateOne({ _id: key }, { $set: { held: randomUUID() } }, { session });
      return () => session.abortTransaction().finally(() => session.endSession());
    };
    const letGo = await hold();
    commands.length = 0;
    const claiming = dying.checkpoints.claim(key, 2);
    const attempts = (): number => commands.filter(({ commandName }) => commandName === 'findAndModify').length;
    await expect.poll(attempts, { timeout: 5_000 }).toBeGreaterThan(1);
    await letGo();
    expect(await claiming).toMatchObject({ token: 2 });
    const letGoTooLate = await hold();
    const error: unknown = await taker.checkpoints.claim(key, 3).catch((thrown: unknown) => thrown);
    await letGoTooLate();
    expect(isStoreUnavailable(error)).toBe(true);
  });

  // With a pooled session the next user of it got the kill: 11601, "operation was interrupted".
  it('leaves its session to nobody', async () => {
    const writer = await dying.checkpoints.openWriter(randomUUID());
    expect(await writer.close()).toBe(true);
    for (let more = 0; more < 20; more += 1) {
      const another = await dying.checkpoints.openWriter(randomUUID());
      expect(another.session).not.toBe(writer.session);
      await another.close();
    }
  });

  it('does with few commands what a batch does, all of it durable [P-1]', async () => {
    const [key, totals] = [randomUUID(), await collection()];
    const writer = await dying.checkpoints.openWriter(key);
    const { batch } = (await dying.checkpoints.claim(key, 1))!;
    commands.length = 0;
    const watermarks = { time: storeTime(5, 1), rows: [{ stream: 'order-1', seen: 1, applied: 1 }] };
    await writer.write(batchOf(key, 1, batch, { watermarks }), async (models) => {
      await models.find(totals, ['a', 'b']);
      await counting(totals)(models);
    });
    expect(commands.map(({ commandName }) => commandName)).toEqual([
      'update',
      'find',
      'update',
      'insert',
      'commitTransaction',
    ]);
    expect(commands.at(-1)?.command['writeConcern']).toMatchObject({ w: 'majority', j: true });
    commands.length = 0;
    await dying.checkpoints.claim(key, 2);
    await dying.leases.acquire(key, { owner: randomUUID(), ttlMs: 10 });
    expect(commands.map(({ command }) => command['writeConcern'] as unknown)).toEqual(
      commands.map(() => expect.objectContaining({ w: 'majority', j: true }) as unknown),
    );
    await writer.close();
  });
});

describe('a commit whose outcome is unknown', () => {
  const appName = randomUUID();
  let server: MongoServer;
  let rig: Rig;

  beforeAll(async () => {
    // A server has one `failCommand` at a time: on the shared one another file would take it away.
    server = await startMongo({ ephemeral: {}, ignoreUri: true });
    rig = await openRig({ uri: server.uri, database: 'unknown_commit', client: { appName } });
  });

  afterAll(async () => {
    await rig.close();
    await server.stop();
  });

  async function failing(mode: object | string, data: object = {}): Promise<void> {
    await rig.context.client.db('admin').command({
      configureFailPoint: 'failCommand',
      mode,
      data: { failCommands: ['commitTransaction'], appName, ...data },
    });
  }

  async function countFive(key: string, totals: string): Promise<void> {
    const writer = await rig.checkpoints.openWriter(key);
    let previous = (await rig.checkpoints.claim(key, 1))!.batch;
    for (let more = 0; more < 5; more += 1) {
      const batch = batchOf(key, 1, previous);
      expect(await writer.write(batch, counting(totals))).toEqual({ kind: 'committed' });
      previous = batch.id;
    }
    await writer.close();
  }

  it.each([
    [
      'a write concern that was not met, though it is done',
      { writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } },
    ],
    ['a connection that ends before it is done', { closeConnection: true }],
    ['a server that shuts down', { errorCode: 91 }],
    ['a transaction that is gone', { errorCode: 251, errorLabels: ['TransientTransactionError'] }],
    ['a commit that took too long', { errorCode: 50 }],
  ])('is found out and applied once, after %s [P-5]', async (_what, data) => {
    const totals = `totals_${randomUUID()}`;
    await rig.readModels.create(totals);
    await failing({ times: 5 }, data);
    try {
      await countFive(randomUUID(), totals);
    } finally {
      await failing('off');
    }
    expect(await rig.readModels.findById(totals, 'total')).toEqual({ _id: 'total', n: 5 });
  });

  // With the token alone in the filter of the checkpoint, without the batch before, this counted ten.
  it('is not applied again when the answer to the repeated commit was that there is no such transaction [P-5]', async () => {
    const totals = `totals_${randomUUID()}`;
    await rig.readModels.create(totals);
    let attempts = 0;
    const lostReply = async (original: () => Promise<void>): Promise<void> => {
      attempts += 1;
      await original();
      if (attempts % 2 === 0) return;
      throw noSuchTransaction();
    };
    await withCommit(rig.context.client, lostReply, () => countFive(randomUUID(), totals));
    expect(attempts).toBeGreaterThanOrEqual(5);
    expect(await rig.readModels.findById(totals, 'total')).toEqual({ _id: 'total', n: 5 });
  });

  // Where the release took the session's name out of the lease the next owner could not end it, and its claim was refused after six seconds.
  it('leaves a batch that hangs to the next owner to be ended', { timeout: 30_000 }, async () => {
    const [key, totals] = [randomUUID(), `totals_${randomUUID()}`];
    await rig.readModels.create(totals);
    const taker = await openRig({ uri: server.uri, database: 'unknown_commit' });
    const writer = await rig.checkpoints.openWriter(key);
    const lease = await rig.leases.acquire(key, { owner: randomUUID(), ttlMs: 60_000, session: writer.session });
    const { batch } = (await rig.checkpoints.claim(key, lease!.token))!;
    // The database answers neither what the batch asks for nor the end of its transaction, which holds the checkpoint.
    await failing('alwaysOn', {
      failCommands: ['find', 'abortTransaction'],
      blockConnection: true,
      blockTimeMS: 15_000,
    });
    try {
      const hanging = gate();
      const outcome = writer.write(batchOf(key, lease!.token, batch), async (models) => {
        const found = models.find(totals, ['total']);
        hanging.open();
        await found;
      });
      outcome.catch(() => undefined);
      await hanging.opened;
      const isClosed = await writer.close();
      await rig.leases.release(lease!, { sessionOpen: !isClosed });
      const owner = randomUUID();
      const taken = await taker.leases.acquire(key, { owner, ttlMs: 60_000, session: randomUUID() });
      const watch = Stopwatch.start();
      expect(await taker.checkpoints.claim(key, taken!.token)).toMatchObject({ token: taken!.token });
      expect(watch.stop()).toBeLessThan(1_000);
      expect(isClosed).toBe(false);
    } finally {
      await failing('off');
      await taker.close();
    }
  });

  it('is told as an outage when it cannot be found out in time, and then as what it was', async () => {
    const [key, totals] = [randomUUID(), `totals_${randomUUID()}`];
    await rig.readModels.create(totals);
    const writer = await rig.checkpoints.openWriter(key);
    const { batch: previous } = (await rig.checkpoints.claim(key, 1))!;
    const batch = batchOf(key, 1, previous);
    await failing('alwaysOn', { errorCode: 251, errorLabels: ['TransientTransactionError'] });
    const error: unknown = await writer.write(batch, counting(totals)).catch((thrown: unknown) => thrown);
    await failing('off');
    expect(isStoreUnavailable(error)).toBe(true);
    expect(await writer.write(batch, counting(totals))).toEqual({ kind: 'committed' });
    expect(await rig.readModels.findById(totals, 'total')).toEqual({ _id: 'total', n: 1 });
    await writer.close();
  });
});
