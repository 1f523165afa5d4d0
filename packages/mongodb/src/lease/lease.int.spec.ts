import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ownRig } from '../../test/own-rig.js';
import { untilBlocked } from '../../test/until-blocked.js';

describe('a lease', () => {
  const own = ownRig('lease');

  // The server's `$$NOW` stands still from the start of an operation: without the look at the clock afterwards the lease that
  // was answered here had run out before.
  it('whose acquisition was blocked for longer than its time is answered with time left', async () => {
    const [key, owner] = [randomUUID(), randomUUID()];
    const first = await own.rig.leases.acquire(key, { owner, ttlMs: 1 });
    await own.rig.leases.release(first!);
    const session = own.rig.context.client.startSession();
    session.startTransaction();
    const leases = own.rig.context.db.collection<{ _id: string; until: Date }>('nestfold.leases');
    await leases.updateOne({ _id: key }, { $set: { touched: 1 } }, { session });
    const acquiring = own.rig.leases.acquire(key, { owner, ttlMs: 500 });
    await untilBlocked(own.rig.context.db, 'nestfold.leases', key);
    const serverTime = async (): Promise<number> =>
      Number((await own.rig.context.db.command({ hello: 1 }))['localTime']);
    const blocked = await serverTime();
    await expect.poll(async () => (await serverTime()) - blocked, { timeout: 5_000 }).toBeGreaterThan(500);
    const freed = await serverTime();
    await session.abortTransaction();
    await session.endSession();
    expect(await acquiring).toMatchObject({ owner });
    expect((await leases.findOne({ _id: key }))?.until.getTime()).toBeGreaterThan(freed);
  });

  it('remembers the sessions of former owners until somebody has ended them', async () => {
    const key = randomUUID();
    const leases = own.rig.context.db.collection<{ _id: string; orphans?: { session: string }[] }>('nestfold.leases');
    const sessions = [randomUUID(), randomUUID(), randomUUID()];
    // By force nothing is ended: the former owner may be alive.
    for (const session of sessions)
      await own.rig.leases.acquire(key, { owner: randomUUID(), ttlMs: 1, session, force: true });
    expect((await leases.findOne({ _id: key }))?.orphans?.map(({ session }) => session)).toEqual(sessions.slice(0, 2));
    await expect.poll(() => own.rig.leases.acquire(key, { owner: randomUUID(), ttlMs: 10_000 })).toBeDefined();
    expect((await leases.findOne({ _id: key }))?.orphans).toBeUndefined();
  });
});
