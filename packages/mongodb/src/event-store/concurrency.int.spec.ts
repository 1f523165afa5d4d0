import { randomUUID } from 'node:crypto';
import { isStreamConflict, loadedVersion, type CommitReceipt, type StoreConnection } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { append, connectStore } from '../../test/write-side.rig.js';

const database = testDatabase('concurrency');
let stores: StoreConnection[];

beforeAll(async () => {
  stores = [await connectStore(database.uri, database.name), await connectStore(database.uri, database.name)];
});

afterAll(async () => {
  for (const store of stores) await store.close();
  await database.drop();
});

describe('concurrent appends', () => {
  it('let one of 32 writers from two processes win at each of 100 versions, and tell the others [W-1]', async () => {
    // Fails when a refused duplicate counts as stored (tried).
    const stream = `race-${randomUUID()}`;
    for (let version = 0; version < 100; version += 1) {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 32 }, (_, writer) =>
          append(stores[writer % 2]!, stream, version === 0 ? 'noStream' : loadedVersion(version)),
        ),
      );
      const losers = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      expect(losers).toHaveLength(31);
      expect(losers.filter((error) => !isStreamConflict(error) || error.actual !== version + 1)).toEqual([]);
    }
    const { commits } = await stores[0]!.events.read(stream);
    expect(commits.map(({ firstVersion }) => firstVersion)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  it('gives each of 10,000 callers on 1,000 streams its own outcome', async () => {
    const run = randomUUID();
    const receipts = await Promise.all(
      Array.from({ length: 10_000 }, (_, index) =>
        append(stores[0]!, `any-${run}-${index % 1_000}`, 'any', {}, 60_000),
      ),
    );
    const byStream = new Map<string, CommitReceipt[]>();
    for (const receipt of receipts) byStream.set(receipt.stream, [...(byStream.get(receipt.stream) ?? []), receipt]);
    expect(byStream.size).toBe(1_000);
    for (const [stream, own] of byStream) {
      const { commits } = await stores[1]!.events.read(stream);
      const answered = own.toSorted((a, b) => a.version - b.version);
      expect(commits.map(({ id, firstVersion }) => [id, firstVersion])).toEqual(
        answered.map(({ commitId, version }) => [commitId, version]),
      );
      expect(commits).toHaveLength(10);
    }
  });

  it('lets one of ten win on each of 1,000 new streams, and tells nine that they lost [W-1]', async () => {
    const run = randomUUID();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10_000 }, (_, index) =>
        append(stores[0]!, `new-${run}-${index % 1_000}`, 'noStream', {}, 60_000),
      ),
    );
    const won = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(new Set(won.map(({ stream }) => stream)).size).toBe(1_000);
    expect(won).toHaveLength(1_000);
    const lost = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(lost.filter((error) => !isStreamConflict(error) || error.actual !== 1)).toEqual([]);
  });
});

describe('the commands of an append', () => {
  it('are one for a lone one, and far fewer than one for each of many', async () => {
    const commands: string[] = [];
    const connect = MongoClient.prototype.connect;
    MongoClient.prototype.connect = function (this: MongoClient) {
      this.on('commandStarted', ({ commandName, command }) => {
        if (commandName !== 'insert' || command['insert'] === 'commits') commands.push(commandName);
      });
      return connect.call(this);
    };
    const store = await connectStore(database.uri, database.name, { monitorCommands: true });
    MongoClient.prototype.connect = connect;

    commands.length = 0;
    await append(store, `lone-${randomUUID()}`, 'noStream');
    expect(commands).toEqual(['insert']);

    commands.length = 0;
    await Promise.all(Array.from({ length: 500 }, () => append(store, `many-${randomUUID()}`, 'noStream')));
    expect(commands.length).toBeLessThanOrEqual(4);
    await store.close();
  });
});
