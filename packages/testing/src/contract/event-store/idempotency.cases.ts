import { randomUUID } from 'node:crypto';
import { loadedVersion, statedVersion, type ExpectedVersion } from '@nestfold/core';
import { expect } from 'vitest';
import { fact, type ContractCase } from '../contract-case.js';
import { expectRefusal, outcomesOf, valuesOf } from '../outcome.js';
import { append } from '../sample-append.js';

/** A way to guard the first attempt, and the attempt's repetition after others have written (as after a reload). */
interface Guards {
  readonly title: string;
  readonly begun: number;
  readonly first: ExpectedVersion;
  readonly again: ExpectedVersion;
}

const GUARDS: readonly Guards[] = [
  { title: "'noStream'", begun: 0, first: 'noStream', again: 'noStream' },
  { title: "'any'", begun: 1, first: 'any', again: 'any' },
  { title: "'streamExists'", begun: 1, first: 'streamExists', again: 'streamExists' },
  { title: 'the same loaded version', begun: 1, first: loadedVersion(1), again: loadedVersion(1) },
  { title: 'a reloaded version', begun: 1, first: loadedVersion(1), again: loadedVersion(4) },
  { title: 'the same stated version', begun: 1, first: statedVersion(1), again: statedVersion(1) },
  { title: 'a newly stated version', begun: 1, first: statedVersion(1), again: statedVersion(4) },
];

function repetition({ title, begun, first, again }: Guards): ContractCase {
  return fact(
    `stores a keyed commit once when it is repeated with ${title} after others have written [W-5]`,
    async ({ store, connect, stream }) => {
      const name = stream();
      for (let version = 0; version < begun; version += 1) await append(store, name, 'any');
      const commit = { commitId: randomUUID(), keyed: true, bodyHash: 'b', count: 2 };
      const receipt = await append(store, name, first, commit);
      await append(store, name, 'any');

      const elsewhere = await connect();
      const repeated = await append(elsewhere, name, again, commit);

      expect(repeated).toMatchObject({
        commitId: commit.commitId,
        firstVersion: begun + 1,
        version: begun + 2,
        repeated: true,
      });
      expect(repeated.version).toBe(receipt.version);
      expect(repeated.time >= receipt.time).toBe(true);
      expect((await store.events.read(name)).version).toEqual(loadedVersion(begun + 3));
    },
  );
}

/** A command takes effect once, however often it comes. */
export const idempotencyCases = [
  ...GUARDS.map(repetition),

  fact('stores a commit once when it is repeated at once without a key [W-4]', async ({ store, connect, stream }) => {
    const name = stream();
    const elsewhere = await connect();
    const begun = { commitId: randomUUID() };
    await append(store, name, 'noStream', begun);
    expect(await append(elsewhere, name, 'noStream', begun)).toMatchObject({ version: 1, repeated: true });
    const next = { commitId: randomUUID() };
    await append(store, name, loadedVersion(1), next);
    expect(await append(elsewhere, name, loadedVersion(1), next)).toMatchObject({ version: 2, repeated: true });
    expect((await store.events.read(name)).version).toEqual(loadedVersion(2));
  }),

  fact('answers from what is stored, not from what is repeated', async ({ store, stream }) => {
    const name = stream();
    const commitId = randomUUID();
    await append(store, name, 'noStream', { commitId, keyed: true, bodyHash: 'b', count: 3 });
    const repeated = await append(store, name, 'any', { commitId, keyed: true, bodyHash: 'b', count: 1 });
    expect(repeated).toMatchObject({ firstVersion: 1, version: 3, repeated: true });
  }),

  fact(
    'stores one of eight equal keyed commits that race, and answers all alike [W-5]',
    async ({ store, connect, stream }) => {
      const stores = [store, await connect()];
      const guards: readonly ExpectedVersion[] = ['noStream', 'any', statedVersion(0)];
      for (const guard of guards) {
        const name = stream();
        const commit = { commitId: randomUUID(), keyed: true, bodyHash: 'b' };
        const outcomes = await outcomesOf(
          Array.from({ length: 8 }, (_, writer) => append(stores[writer % 2]!, name, guard, commit)),
        );
        const receipts = valuesOf(outcomes);
        expect(receipts.map(({ version }) => version)).toEqual(Array.from({ length: 8 }, () => 1));
        expect(receipts.filter(({ repeated }) => !repeated)).toHaveLength(1);
        expect((await store.events.read(name)).commits).toHaveLength(1);
      }
    },
  ),

  fact('refuses a key that was used with another body [W-6]', async ({ store, stream }) => {
    const name = stream();
    const commitId = randomUUID();
    await append(store, name, 'noStream', { commitId, keyed: true, bodyHash: 'one' });
    await append(store, name, 'any');
    for (const guard of ['noStream', 'any', 'streamExists', loadedVersion(2), statedVersion(2)] as const) {
      await expectRefusal(
        append(store, name, guard, { commitId, keyed: true, bodyHash: 'other' }),
        'command.key-reused',
      );
    }
    expect((await store.events.read(name)).version).toEqual(loadedVersion(2));
  }),

  fact('keeps equal commit ids of different streams apart', async ({ store, stream }) => {
    const [one, other] = [stream(), stream()];
    const commit = { commitId: randomUUID(), keyed: true };
    expect(await append(store, one, 'noStream', commit)).toMatchObject({ repeated: false });
    expect(await append(store, other, 'noStream', commit)).toMatchObject({ repeated: false });
    expect((await store.events.findKeyed(other, commit.commitId))?.stream).toBe(other);
  }),

  fact('stores nothing of a commit that was refused, so that it can be repeated', async ({ store, stream }) => {
    const name = stream();
    const commit = { commitId: randomUUID(), keyed: true };
    await append(store, name, 'noStream');
    await expectRefusal(append(store, name, 'noStream', commit), 'stream.conflict');
    expect(await store.events.findKeyed(name, commit.commitId)).toBeUndefined();
    expect(await append(store, name, loadedVersion(1), commit)).toMatchObject({ version: 2, repeated: false });
  }),

  fact('finds a keyed commit of a stream at any age, and no other [W-5]', async ({ store, connect, stream }) => {
    const name = stream();
    const commitId = randomUUID();
    await append(store, name, 'noStream', { commitId, keyed: true, bodyHash: 'b', count: 2 });
    for (let more = 0; more < 20; more += 1) await append(store, name, 'any');
    const elsewhere = await connect();
    expect(await elsewhere.events.findKeyed(name, commitId)).toMatchObject({
      id: commitId,
      firstVersion: 1,
      keyed: true,
      bodyHash: 'b',
    });
    expect(await elsewhere.events.findKeyed(name, randomUUID())).toBeUndefined();
    expect(await elsewhere.events.findKeyed(stream(), commitId)).toBeUndefined();
  }),
];
