import type { Commit, StoreConnection, TransportConnection } from '@nestfold/core';
import type { ProjectionEngine } from '@nestfold/projections';
import { OrderTrail, TopicTrail } from './order-trail.js';

type Streams = ReadonlyMap<string, readonly Commit[]>;

/** All messages of a topic, partition after partition. Throws for one that is no commit. */
export async function messagesOf(transport: TransportConnection, topic: string): Promise<Commit[]> {
  const reader = transport.reader('judge', topic);
  try {
    const found: Commit[] = [];
    for (const { partition, earliest, end } of await transport.reach(topic)) {
      const subscription = reader.open(partition, earliest);
      for (let next = earliest; next < end;) {
        const batch = await subscription.next({ max: 10_000, waitMs: 1_000 });
        next = batch.next;
        for (const message of batch.messages) {
          if (!('relayed' in message)) throw new Error(message.problem);
          found.push(message.relayed.commit);
        }
      }
      await subscription.close();
    }
    return found;
  } finally {
    await reader.close();
  }
}

/** Whether a topic, each message taken the first time that it comes, holds every stream as the store does: what differs, in words. */
export async function judgeTopic(store: StoreConnection, messages: readonly Commit[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  const streams = new Map<string, Commit[]>();
  for (const commit of messages) {
    const stream = streams.get(commit.stream) ?? [];
    const seen = stream.reduce((sum, { events }) => sum + events.length, 0);
    if (commit.firstVersion > seen + 1) wrong.push(`${commit.stream}: ${commit.firstVersion} comes after ${seen}`);
    if (commit.firstVersion === seen + 1) stream.push(commit);
    streams.set(commit.stream, stream);
  }
  const stored = await streamsOf(store);
  const text = (commits: readonly Commit[] = []): string =>
    JSON.stringify(commits.map(({ keyed: _keyed, bodyHash: _hash, ...commit }) => commit));
  for (const stream of new Set([...streams.keys(), ...stored.keys()]))
    if (text(streams.get(stream)) !== text(stored.get(stream))) wrong.push(`${stream}: is not as it is stored`);
  return wrong;
}

/** Whether both projections have applied each event once and in order: what differs, in words. */
export async function judgeTrails(store: StoreConnection, engine: ProjectionEngine): Promise<readonly string[]> {
  const wrong: string[] = [];
  const stored = await streamsOf(store);
  for (const model of [OrderTrail, TopicTrail]) {
    const found = new Map((await engine.readModel(model).find({})).map(({ _id, versions }) => [_id, versions]));
    for (const [stream, commits] of stored) {
      const count = commits.reduce((sum, { events }) => sum + events.length, 0);
      const versions = found.get(stream) ?? [];
      if (versions.length !== count || versions.some((version, index) => version !== index + 1))
        wrong.push(`${model.name} ${stream}: ${versions.length} of ${count}`);
    }
  }
  return wrong;
}

/** All commits of a store, by stream. */
export async function streamsOf({ feed }: StoreConnection): Promise<Streams> {
  const streams = new Map<string, Commit[]>();
  for await (const commits of feed.history({ before: 'ffffffffffffffff', asOf: await feed.now() }))
    for (const commit of commits) {
      const stream = streams.get(commit.stream);
      if (stream === undefined) streams.set(commit.stream, [commit]);
      else stream.push(commit);
    }
  return streams;
}
