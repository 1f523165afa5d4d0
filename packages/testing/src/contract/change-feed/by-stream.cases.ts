import type { Commit, StoreConnection, StreamName, StreamRange } from '@nestfold/core';
import { expect } from 'vitest';
import { fact, type ContractContext } from '../contract-case.js';
import { append, sampleEvent } from '../sample-append.js';
import { placeOf } from './following.js';

/** What a range of streams delivers of these streams. */
async function readOf(
  store: StoreConnection,
  range: Omit<StreamRange, 'before' | 'asOf'> & Partial<StreamRange>,
  streams: readonly StreamName[],
): Promise<Commit[]> {
  const wanted = new Set(streams);
  const now = await store.feed.now();
  const commits: Commit[] = [];
  for await (const page of store.feed.byStream({ before: now, asOf: now, ...range }))
    commits.push(...page.filter(({ stream }) => wanted.has(stream)));
  return commits;
}

const names = (commits: readonly Commit[]): StreamName[] => [...new Set(commits.map(({ stream }) => stream))];

/** All that a commit says. */
function whole(commit: Commit): Required<Commit> {
  const { stream, firstVersion, id, keyed, bodyHash = '', events, metadata, occurredAt, recordedAt, time } = commit;
  return { stream, firstVersion, id, keyed, bodyHash, events, metadata, occurredAt, recordedAt, time };
}

/** Streams of several commits, appended in turns; answers their names as they are ordered by the store. */
async function streamsOf({ store, stream }: ContractContext, count: number, commits = 3): Promise<StreamName[]> {
  const streams = Array.from({ length: count }, () => stream());
  for (let round = 0; round < commits; round += 1)
    await Promise.all(streams.map((name) => append(store, name, 'any', { count: 1 + (round % 2) })));
  const ordered = names(await readOf(store, {}, streams));
  expect(ordered.toSorted()).toEqual(streams.toSorted());
  return ordered;
}

/** What the log says of the past, stream by stream. */
export const byStreamCases = [
  fact('delivers whole streams one after the other, each commit once and in version order', async (context) => {
    const streams = await streamsOf(context, 40, 5);
    const commits = await readOf(await context.connect(), {}, streams);
    expect(commits).toHaveLength(200);
    const expected: Commit[] = [];
    for (const name of streams) expected.push(...(await context.store.events.read(name)).commits);
    // Field by field: a feed may decode some of them only when they are looked at.
    expect(commits.map(whole)).toStrictEqual(expected.map(whole));
  }),

  fact('orders streams by the bytes of their names', async ({ store, name }) => {
    const category = name('bytes');
    // In UTF-16 the last two stand the other way round.
    const streams = ['a', 'aa', 'b', 'é', '\uffee', '\u{1f600}'].map((id) => `${category}-${id}`);
    for (const stream of streams.toReversed()) await append(store, stream, 'noStream');
    expect(names(await readOf(store, {}, streams))).toEqual(streams);
  }),

  fact('delivers the streams from one name on and before another', async (context) => {
    const streams = await streamsOf(context, 9);
    const between = async (range: Pick<StreamRange, 'from' | 'to'>) =>
      names(await readOf(context.store, range, streams));
    expect(await between({ from: streams[2]!, to: streams[5]! })).toEqual(streams.slice(2, 5));
    expect(await between({ to: streams[4]! })).toEqual(streams.slice(0, 4));
    expect(await between({ from: streams[7]! })).toEqual(streams.slice(7));
    expect(await between({ from: streams[3]!, to: streams[3]! })).toEqual([]);
  }),

  fact('goes on behind a place, within its stream or after it', async (context) => {
    const streams = await streamsOf(context, 3, 3);
    const [first, second, third] = streams as [StreamName, StreamName, StreamName];
    const places = async (version: number) =>
      (await readOf(context.store, { after: { stream: second, version } }, streams)).map(placeOf);
    const ofThird = [`${third}:1`, `${third}:2`, `${third}:4`];
    expect(await places(1)).toEqual([`${second}:2`, `${second}:4`, ...ofThird]);
    // Also of the last event of a commit.
    expect(await places(3)).toEqual([`${second}:4`, ...ofThird]);
    expect(await places(4)).toEqual(ofThird);
    const bounded = { from: first, to: third, after: { stream: first, version: 4 } };
    expect(names(await readOf(context.store, bounded, streams))).toEqual([second]);
  }),

  fact('leaves out what is not older than the end', async ({ store, stream }) => {
    const name = stream();
    for (let more = 0; more < 3; more += 1) await append(store, name, 'any');
    const times = (await store.events.read(name)).commits.map(({ time }) => time);
    const versions = async (before: string) =>
      (await readOf(store, { before }, [name])).map(({ firstVersion }) => firstVersion);
    expect(await versions(times[2]!)).toEqual([1, 2]);
    expect(await versions(times[0]!)).toEqual([]);
  }),

  fact(
    'delivers, stream by stream, every commit that holds one of the types asked for',
    async ({ store, stream, name: unique }) => {
      const [wanted, other] = [unique('wanted'), unique('other')];
      const name = stream();
      for (const types of [[other], [wanted], [other, wanted], [other]])
        await append(store, name, 'any', { events: types.map((type) => sampleEvent({}, type)) });
      const commits = await readOf(store, { types: [wanted] }, [name]);
      expect(commits.map(({ firstVersion }) => firstVersion)).toEqual(expect.arrayContaining([2, 3]));
    },
  ),

  fact('cuts all streams into ranges that together hold each stream once', async (context) => {
    const streams = await streamsOf(context, 60, 4);
    const bounds = await context.store.feed.streamBounds(5);
    expect(await context.store.feed.streamBounds(1)).toEqual([]);
    expect(bounds.length).toBeGreaterThan(1);
    expect(bounds.length).toBeLessThan(5);
    const ends = [undefined, ...bounds, undefined];
    const read: Commit[] = [];
    for (const [index, to] of ends.slice(1).entries()) {
      const from = ends[index];
      read.push(
        ...(await readOf(
          context.store,
          { ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
          streams,
        )),
      );
    }
    expect(read.map(placeOf)).toEqual((await readOf(context.store, {}, streams)).map(placeOf));
  }),
];
