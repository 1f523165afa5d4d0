import { randomUUID } from 'node:crypto';
import { loadedVersion, type AppendOptions, type StoreCapability, type StreamAppend } from '@nestfold/core';
import { expect } from 'vitest';
import { fact, type ContractCase, type ContractContext } from '../contract-case.js';
import { expectRefusal, outcomesOf, valuesOf } from '../outcome.js';
import { append, sampleAppend } from '../sample-append.js';

/** A fact about a store that declares a capability; any other store must refuse the same request and store nothing. */
function capable(
  capability: StoreCapability,
  title: string,
  request: (context: ContractContext) => { streams: readonly StreamAppend[]; options?: AppendOptions },
  check: (context: ContractContext) => Promise<void>,
): ContractCase {
  return fact(`${title}, or refuses '${capability}'`, async (context) => {
    const { store, fixture } = context;
    expect([...store.events.capabilities].toSorted()).toEqual([...fixture.capabilities].toSorted());
    if (fixture.capabilities.includes(capability)) return check(context);
    const { streams, options } = request(context);
    await expectRefusal(store.events.append(streams, options), 'capability.unsupported', { capability });
    for (const { stream } of streams) expect(await store.events.head(stream)).toBeUndefined();
  });
}

const two = ({ stream }: ContractContext) => ({
  streams: [sampleAppend(stream(), 'any'), sampleAppend(stream(), 'any')],
});
const withOptions =
  (options: AppendOptions) =>
  ({ stream }: ContractContext) => ({ streams: [sampleAppend(stream(), 'any')], options });
const readingAnother = ({ stream }: ContractContext) => ({
  streams: [sampleAppend(stream(), 'any')],
  options: { unchanged: [{ stream: stream(), version: loadedVersion(0) }] },
});
const take = (scope: string, value: string): AppendOptions => ({ claims: [{ scope, value, action: 'take' }] });
const free = (scope: string, value: string): AppendOptions => ({ claims: [{ scope, value, action: 'free' }] });

/** What goes beyond one stream an append: done as a whole, or refused by name. */
export const capabilityCases = [
  capable('several-streams', 'appends to several streams as a whole [W-17]', two, async ({ store, stream }) => {
    const [one, other] = [stream(), stream()];
    const receipts = await store.events.append([
      sampleAppend(one, 'noStream', { count: 2 }),
      sampleAppend(other, 'any'),
    ]);
    expect(receipts).toMatchObject([
      { stream: one, version: 2 },
      { stream: other, version: 1 },
    ]);
    const both = [sampleAppend(one, loadedVersion(2)), sampleAppend(other, 'noStream')];
    await expectRefusal(store.events.append(both), 'stream.conflict', { stream: other, actual: 1 });
    expect((await store.events.read(one)).version).toEqual(loadedVersion(2));
  }),

  capable(
    'several-streams',
    'lets one of eight decisions over the same streams win',
    two,
    async ({ store, connect, stream }) => {
      const stores = [store, await connect()];
      const [one, other] = [stream(), stream()];
      const outcomes = await outcomesOf(
        Array.from({ length: 8 }, (_, writer) => {
          const streams = writer % 3 === 0 ? [one, other] : [other, one];
          return stores[writer % 2]!.events.append(streams.map((name) => sampleAppend(name, 'noStream')));
        }),
      );
      expect(valuesOf(outcomes)).toHaveLength(1);
      expect([(await store.events.read(one)).version, (await store.events.read(other)).version]).toEqual([
        loadedVersion(1),
        loadedVersion(1),
      ]);
    },
  ),

  capable(
    'several-streams',
    'answers the first receipts when a decision over several streams is repeated',
    two,
    async ({ store, connect, stream }) => {
      const decision = [
        sampleAppend(stream(), 'noStream', { keyed: true }),
        sampleAppend(stream(), 'any', { keyed: true, count: 2 }),
      ];
      await store.events.append(decision);
      await append(store, decision[1]!.stream, 'any');
      const repeated = await (await connect()).events.append(decision);
      expect(repeated).toMatchObject([
        { version: 1, repeated: true },
        { version: 2, repeated: true },
      ]);
      expect((await store.events.read(decision[1]!.stream)).version).toEqual(loadedVersion(3));
    },
  ),

  capable(
    'unchanged',
    'refuses a decision when a stream that was only read has moved [W-17]',
    readingAnother,
    async ({ store, stream }) => {
      const [read, written] = [stream(), stream()];
      await append(store, read, 'noStream');
      const unchanged = [{ stream: read, version: loadedVersion(1) }];
      await store.events.append([sampleAppend(written, 'noStream')], { unchanged });
      await append(store, read, 'any');
      const late = store.events.append([sampleAppend(written, 'any')], { unchanged });
      await expectRefusal(late, 'stream.conflict', { stream: read, actual: 2 });
      expect((await store.events.read(written)).version).toEqual(loadedVersion(1));
      expect((await store.events.read(read)).commits.map((commit) => commit.firstVersion)).toEqual([1, 2]);
    },
  ),

  capable(
    'unchanged',
    'lets one of two decisions win that each write what the other only read',
    readingAnother,
    async ({ store, connect, stream }) => {
      const elsewhere = await connect();
      for (let round = 0; round < 5; round += 1) {
        const [one, other] = [stream(), stream()];
        const none = loadedVersion(0);
        const outcomes = await outcomesOf([
          store.events.append([sampleAppend(one, 'noStream')], { unchanged: [{ stream: other, version: none }] }),
          elsewhere.events.append([sampleAppend(other, 'noStream')], { unchanged: [{ stream: one, version: none }] }),
        ]);
        expect(valuesOf(outcomes), `round ${round}`).toHaveLength(1);
      }
    },
  ),

  capable(
    'claims',
    'gives a claimed value to one holder until it is freed [W-17]',
    withOptions(take('email', randomUUID())),
    async ({ store, stream, name }) => {
      const [scope, value] = [name('email'), 'ada@shop.test'];
      const [one, other] = [stream(), stream()];
      await store.events.append([sampleAppend(one, 'noStream')], take(scope, value));
      await expectRefusal(store.events.append([sampleAppend(other, 'noStream')], take(scope, value)), 'claim.taken', {
        scope,
        value,
      });
      expect(await store.events.head(other)).toBeUndefined();
      await store.events.append([sampleAppend(other, 'noStream')], take(name('email'), value));
      await store.events.append([sampleAppend(one, 'any')], free(scope, value));
      await store.events.append([sampleAppend(other, 'any')], take(scope, value));
    },
  ),

  capable(
    'claims',
    'gives a value that eight claim at once to one of them',
    withOptions(take('sku', randomUUID())),
    async ({ store, connect, stream, name }) => {
      const stores = [store, await connect()];
      const claim = take(name('sku'), 'A-1');
      const streams = Array.from({ length: 8 }, () => stream());
      const outcomes = await outcomesOf(
        streams.map((one, index) => stores[index % 2]!.events.append([sampleAppend(one, 'noStream')], claim)),
      );
      expect(valuesOf(outcomes)).toHaveLength(1);
      const heads = await Promise.all(streams.map((one) => store.events.head(one)));
      expect(heads.filter((head) => head !== undefined)).toHaveLength(1);
    },
  ),

  capable(
    'claims',
    'finds its own claim when an append is repeated',
    withOptions(take('email', randomUUID())),
    async ({ store, stream, name }) => {
      const claim = take(name('email'), 'ada@shop.test');
      const registration = [sampleAppend(stream(), 'noStream', { keyed: true })];
      await store.events.append(registration, claim);
      expect(await store.events.append(registration, claim)).toMatchObject([{ version: 1, repeated: true }]);
    },
  ),

  capable(
    'writes',
    'writes a read model with the events, or neither [W-17]',
    withOptions({ writes: [{ collection: 'contract', changes: [] }] }),
    async ({ store, stream, name }) => {
      const collection = name('cards');
      await store.readModels.create(collection);
      const insert = {
        writes: [{ collection, changes: [{ kind: 'insert' as const, id: 'a', document: { _id: 'a', n: 1 } }] }],
      };
      const [one, other] = [stream(), stream()];
      await store.events.append([sampleAppend(one, 'noStream')], insert);
      expect(await store.readModels.findById(collection, 'a')).toEqual({ _id: 'a', n: 1 });
      await expectRefusal(store.events.append([sampleAppend(other, 'noStream')], insert), 'read-model.document-exists');
      expect(await store.events.head(other)).toBeUndefined();
      const update = { writes: [{ collection, changes: [{ kind: 'update' as const, id: 'a', increment: { n: 1 } }] }] };
      await expectRefusal(store.events.append([sampleAppend(one, 'noStream')], update), 'stream.conflict');
      expect(await store.readModels.findById(collection, 'a')).toEqual({ _id: 'a', n: 1 });
    },
  ),
];
