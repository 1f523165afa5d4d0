import { isStreamConflict, loadedVersion, statedVersion, type ExpectedVersion } from '@nestfold/core';
import { expect } from 'vitest';
import { fact, type ContractContext } from '../contract-case.js';
import { errorsOf, outcomesOf, valuesOf } from '../outcome.js';
import { append, sampleEvent } from '../sample-append.js';

const WRITERS = 16;
const ROUNDS = 5;

/** Races at one version, from two processes: one winner a round, and losers that are told the truth. */
async function race(
  { store, connect, stream }: ContractContext,
  guard: (version: number) => ExpectedVersion,
): Promise<void> {
  const stores = [store, await connect()];
  const name = stream();
  let version = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const outcomes = await outcomesOf(
      Array.from({ length: WRITERS }, (_, writer) =>
        append(stores[writer % 2]!, name, guard(version), {
          events: [sampleEvent({ round, writer }), sampleEvent({ round, writer })],
        }),
      ),
    );
    const [winner, ...others] = valuesOf(outcomes);
    expect(others, `one winner in round ${round}`).toEqual([]);
    expect(winner).toMatchObject({ firstVersion: version + 1, version: version + 2, repeated: false });
    const losers = errorsOf(outcomes);
    expect(
      losers.filter((error) => !isStreamConflict(error)),
      'what losers get',
    ).toEqual([]);
    expect(losers.filter(isStreamConflict).map(({ actual }) => actual)).toEqual(losers.map(() => version + 2));
    version += 2;
  }
  const { commits } = await store.events.read(name);
  expect(commits.map((commit) => commit.firstVersion)).toEqual([1, 3, 5, 7, 9]);
}

/** Unguarded writers, from two processes: all win, each once, densely. */
async function allAppend({ store, connect, stream }: ContractContext, guard: 'any' | 'streamExists'): Promise<void> {
  const stores = [store, await connect()];
  const name = stream();
  await append(store, name, 'noStream', { events: [sampleEvent({ writer: 'first' })] });
  const receipts = await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) =>
      append(stores[writer % 2]!, name, guard, { events: [sampleEvent({ writer }), sampleEvent({ writer })] }),
    ),
  );
  expect(receipts.map((receipt) => receipt.firstVersion).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: WRITERS }, (_, index) => 2 + 2 * index),
  );
  const { commits } = await store.events.read(name);
  expect(commits.map((commit) => commit.firstVersion)).toEqual([
    1,
    ...Array.from({ length: WRITERS }, (_, index) => 2 + 2 * index),
  ]);
  const stored = new Map(commits.map((commit) => [commit.id, commit.firstVersion]));
  for (const receipt of receipts) expect(stored.get(receipt.commitId)).toBe(receipt.firstVersion);
}

/** What holds when several write at once. */
export const concurrencyCases = [
  fact(
    'lets one of 16 writers win at a loaded version, five times over, and tells the others the head [W-1]',
    (context) => race(context, (version) => (version === 0 ? 'noStream' : loadedVersion(version))),
  ),

  fact(
    'lets one of 16 writers win at a stated version, five times over, and tells the others the head [W-1]',
    (context) => race(context, statedVersion),
  ),

  fact("lets 16 writers with 'any' append each once, densely [W-20]", (context) => allAppend(context, 'any')),

  fact("lets 16 writers with 'streamExists' append each once, densely [W-20]", (context) =>
    allAppend(context, 'streamExists'),
  ),

  fact(
    "lets one of 16 first writers with 'any' begin the stream and the others go on",
    async ({ store, connect, stream }) => {
      const stores = [store, await connect()];
      const name = stream();
      const receipts = await Promise.all(
        Array.from({ length: WRITERS }, (_, writer) => append(stores[writer % 2]!, name, 'any')),
      );
      expect(receipts.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: WRITERS }, (_, index) => index + 1),
      );
      expect((await store.events.read(name)).version).toEqual(loadedVersion(WRITERS));
    },
  ),

  fact('takes 200 appends to different streams at once', async ({ store, stream }) => {
    const streams = Array.from({ length: 200 }, () => stream());
    const receipts = await Promise.all(streams.map((name) => append(store, name, 'noStream', { count: 2 })));
    expect(receipts.map((receipt) => receipt.stream)).toEqual(streams);
    const heads = await Promise.all(streams.map((name) => store.events.head(name)));
    expect(heads.map((head) => head?.id)).toEqual(receipts.map((receipt) => receipt.commitId));
  }),

  fact('fails only the append that cannot be stored among good ones at once [W-7]', async ({ store, stream }) => {
    const circular: { self?: object } = {};
    circular.self = circular;
    const bad = [circular, { run: () => 1 }, { map: new Map() }, { ['a\0b']: 1 }, { sum: Number.NaN }];
    const streams = Array.from({ length: 20 }, () => stream());
    const outcomes = await outcomesOf(
      streams.map((name, index) =>
        append(store, name, 'noStream', index % 4 === 1 ? { events: [sampleEvent(bad[(index - 1) / 4])] } : {}),
      ),
    );
    expect(errorsOf(outcomes)).toMatchObject(bad.map(() => ({ code: 'event.invalid' })));
    expect(valuesOf(outcomes)).toHaveLength(15);
    const versions = await Promise.all(streams.map(async (name) => (await store.events.read(name)).version.version));
    expect(versions).toEqual(streams.map((_, index) => (index % 4 === 1 ? 0 : 1)));
  }),

  fact('shows an acknowledged append to every connection at once [W-9]', async ({ store, connect, stream }) => {
    const other = await connect();
    for (let round = 0; round < ROUNDS; round += 1) {
      const name = stream();
      const receipt = await append(store, name, 'noStream');
      expect((await other.events.read(name)).commits.map((commit) => commit.id)).toEqual([receipt.commitId]);
    }
  }),
];
