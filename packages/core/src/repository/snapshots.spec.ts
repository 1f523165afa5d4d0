import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { aggregateDefinitionOf } from '../aggregate/aggregate-definition.js';
import type { Snapshot } from '../snapshot/snapshot-store.port.js';
import { bench, Counter, CounterState, type Bench } from './repository.fixture.js';

const { snapshotRevision: revision } = aggregateDefinitionOf(Counter);
const add = (by: number) => (counter: Counter) => counter.add(by);

const withVersions = async (versions: number): Promise<Bench> => {
  const at = await bench();
  for (let n = 0; n < versions; n += 1) await at.repository.save('1', add(1));
  await at.repository.idle();
  return at;
};
const snapshotOf = ({ connection }: Bench): Promise<Snapshot | undefined> =>
  connection.snapshots.find('counter-1', revision);

describe('snapshots', () => {
  it('are saved every so many versions, with the ids of the last commits', async () => {
    const at = await withVersions(4);
    expect(await snapshotOf(at)).toBeUndefined();
    await at.repository.save('1', add(1));
    await at.repository.idle();
    const { commits } = await at.connection.events.read('counter-1');
    expect(await snapshotOf(at)).toMatchObject({
      version: 5,
      revision,
      state: { sum: 5 },
      recentCommits: commits.map(({ id }) => id),
    });
    for (let n = 0; n < 24; n += 1) await at.repository.save('1', add(1));
    await at.repository.idle();
    const snapshot = await snapshotOf(at);
    const ids = (await at.connection.events.read('counter-1')).commits.map(({ id }) => id);
    expect(snapshot).toMatchObject({ version: 25, state: { sum: 25 } });
    expect(snapshot?.recentCommits).toEqual(ids.slice(5, 25));
  });

  it('are saved where one append passes the step, and for a stream that begins with it', async () => {
    const at = await bench();
    await at.repository.create('1', (counter) => Array.from({ length: 7 }).forEach(() => counter.add(1)));
    await at.repository.idle();
    expect(await snapshotOf(at)).toMatchObject({ version: 7 });
  });

  it('are read with the commit that they end at, and nothing older', async () => {
    const at = await withVersions(7);
    const read = vi.spyOn(at.connection.events, 'read');
    expect(await at.repository.load('1')).toMatchObject({ version: 7, state: { sum: 7 } });
    expect(read.mock.calls).toEqual([['counter-1', { fromVersion: 5 }]]);
    expect(await read.mock.results[0]?.value).toMatchObject({ commits: [{}, {}, {}] });
  });

  it('come back with the methods of the state’s class', async () => {
    const loaded = await (await withVersions(5)).repository.load('1');
    expect(loaded?.state).toBeInstanceOf(CounterState);
    expect(loaded?.state.describe()).toBe('unnamed: 5');
  });

  it('make no difference to any state [W-13]', async () => {
    const commits = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(commits, async (decisions) => {
        const at = await bench();
        for (const amounts of decisions) {
          await at.repository.save('1', (counter) => amounts.forEach((by) => counter.add(by)));
          await at.repository.idle();
        }
        const over = await at.repository.load('1');
        await at.connection.snapshots.remove('counter-1');
        expect(over).toEqual(await at.repository.load('1'));
      }),
      { numRuns: 50 },
    );
  });

  it('keep no caller waiting', async () => {
    const at = await withVersions(4);
    vi.spyOn(at.connection.snapshots, 'save').mockReturnValue(new Promise(() => {}));
    await expect(at.repository.save('1', add(1))).resolves.toMatchObject({ version: 5 });
  });

  it('fail into the log, and the next append tries again', async () => {
    const at = await withVersions(4);
    const failure = new Error('full');
    const save = vi.spyOn(at.connection.snapshots, 'save').mockRejectedValueOnce(failure);
    await at.repository.save('1', add(1));
    await at.repository.idle();
    expect(at.logger.error.mock.calls).toEqual([
      [expect.any(String), { stream: 'counter-1', version: 5, error: failure }],
    ]);
    await at.repository.save('1', add(1));
    await at.repository.idle();
    expect(save).toHaveBeenCalledTimes(2);
    expect(await snapshotOf(at)).toMatchObject({ version: 6 });
  });

  it('hold the state of their version, whatever is decided next', async () => {
    const at = await withVersions(4);
    const save = vi.spyOn(at.connection.snapshots, 'save');
    await at.repository.save('1', (counter) => {
      counter.add(1);
    });
    await at.repository.save('1', add(100));
    expect(save.mock.calls[0]?.[0]).toMatchObject({ version: 5, state: { sum: 5 } });
  });

  it('are passed over, with a word in the log, when they cannot be read [W-13]', async () => {
    const at = await withVersions(6);
    vi.spyOn(at.connection.snapshots, 'find').mockRejectedValue(new Error('gone'));
    expect(await at.repository.load('1')).toMatchObject({ version: 6, state: { sum: 6 } });
    expect(at.logger.warn).toHaveBeenCalledTimes(1);
  });

  it.each<[string, (sound: Snapshot) => Partial<Snapshot>]>([
    // Fails without `standsFor`, with a sum of 1,000 and more.
    ['from the future', () => ({ version: 60 })],
    ['of the middle of a commit', () => ({ version: 9 })],
    [
      'of another commit at its version, as after a restore',
      () => ({ recentCommits: ['00000000-0000-4000-9000-000000000001'] }),
    ],
    ['that names no commit', () => ({ recentCommits: [] })],
    ['whose version is no number', () => ({ version: 'five' as unknown as number })],
    ['whose state is nothing', () => ({ state: null as unknown as object })],
    ['whose commits are nothing', () => ({ recentCommits: undefined as unknown as string[] })],
  ])('%s are not trusted [W-13]', async (_, broken) => {
    const at = await withVersions(7);
    await at.repository.save('1', (counter) => [1, 1, 1].forEach((by) => counter.add(by)));
    await at.repository.idle();
    const sound = (await snapshotOf(at))!;
    vi.spyOn(at.connection.snapshots, 'find').mockResolvedValue({ ...sound, state: { sum: 1000 }, ...broken(sound) });
    expect(await at.repository.load('1')).toMatchObject({ version: 10, state: { sum: 10 } });
    await at.repository.update('1', add(1));
    expect(await at.repository.load('1', { at: new Date(at.environment.now()) })).toMatchObject({ state: { sum: 11 } });
  });

  it('are not looked for where the aggregate keeps none, and not used for an older version', async () => {
    const at = await withVersions(7);
    const read = vi.spyOn(at.connection.events, 'read');
    expect(await at.repository.load('1', { version: 3 })).toMatchObject({ version: 3, state: { sum: 3 } });
    expect(read.mock.calls).toEqual([['counter-1', { toVersion: 3 }]]);
  });
});
