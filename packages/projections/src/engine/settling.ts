import type { SliceRange, StoreConnection, StoreTime } from '@nestfold/core';
import type { RelayRunner } from '../relaying/relay-runner.js';
import type { HandlerRunner } from '../handling/handler-runner.js';
import { isInsideTime, timeOf } from '../following/store-clock.js';
import { partitionKey, relayKey, slicesOf } from '../running/keys.js';
import type { ProjectionSupervisor } from '../running/projection-supervisor.js';
import type { EngineContext } from '../running/engine-context.js';
import { NotSettled } from './not-settled.error.js';

const POLL_MS = 5;

/** Who is behind. */
interface Laggard {
  readonly reason: string;
  /** Nothing moves until an operator has resumed it: waiting is no use. */
  readonly isPaused?: true;
}

/** Waits until all have done everything that was stored before. Throws `NotSettled`, naming who is behind; at once where one that is behind is paused. */
export async function settle(
  { connection, environment }: EngineContext,
  supervisors: readonly ProjectionSupervisor[],
  runners: readonly HandlerRunner[],
  relays: readonly RelayRunner[],
  timeoutMs: number,
): Promise<void> {
  const deadline = environment.now() + timeoutMs;
  const time = await connection.feed.now();
  const open = new Set<() => Promise<Laggard | undefined>>([
    ...supervisors.map((supervisor) => () => projectionLag(connection, supervisor, relays, time)),
    ...runners.map((runner) => () => handlerLag(connection, runner, time)),
  ]);
  const begun = environment.now();
  for (;;) {
    const laggards: Laggard[] = [];
    for (const lag of open) {
      const laggard = await lag();
      if (laggard === undefined) open.delete(lag);
      else laggards.push(laggard);
    }
    if (open.size === 0) return;
    if (environment.now() >= deadline || laggards.some(({ isPaused }) => isPaused))
      throw new NotSettled(
        laggards.map(({ reason }) => reason),
        environment.now() - begun,
      );
    await environment.sleep(POLL_MS);
  }
}

/**
 * Says in words what holds a projection back from having applied everything up to a time; `undefined` when nothing does. Where it runs in this
 * process, the answer is exact; elsewhere a quiet follower saves its place rarely, so there it is enough that no event follows it in time.
 */
async function projectionLag(
  connection: StoreConnection,
  supervisor: ProjectionSupervisor,
  relays: readonly RelayRunner[],
  time: StoreTime,
): Promise<Laggard | undefined> {
  const { name } = supervisor.definition;
  const { entry, live, building } = await supervisor.read();
  if (live === undefined && entry?.paused)
    return { reason: `projection '${name}' has no documents yet and is paused`, isPaused: true };
  if (live === undefined)
    return {
      reason: `projection '${name}' ${building?.failure ? `stopped: ${building.failure.message}` : 'is being built for the first time'}`,
    };
  const runner = supervisor.runner;
  // In this order: what is relayed by then is in the topic when that is looked at.
  const isSent = await isRelayed(connection, supervisor, relays, time);
  const topic = await supervisor.topicLags(live);
  const partitions = Array.from({ length: live.partitions }, (_, partition) => partition);
  const applied = topic
    ? [isSent, topic.unknown === undefined, ...topic.lags.map(({ lagEvents }) => lagEvents === 0)]
    : await Promise.all(
        partitions.map((partition) =>
          hasApplied(
            connection,
            runner?.timeOf(partition),
            partitionKey(live, partition),
            time,
            slicesOf(live, partition),
          ),
        ),
      );
  if (!applied.includes(false)) return undefined;
  if (entry?.paused) return { reason: `projection '${name}' is behind and paused`, isPaused: true };
  if (live.failure) return { reason: `projection '${name}' stopped: ${live.failure.message}` };
  if (runner?.state === 'newer-build')
    return { reason: `projection '${name}' waits for a newer build, which knows its next event` };
  const why = runner?.retrying?.error ?? topic?.unknown?.message;
  return { reason: `projection '${name}' is behind${why === undefined ? '' : ` (${why})`}` };
}

/** The same of an events handler. */
async function handlerLag(
  connection: StoreConnection,
  runner: HandlerRunner,
  time: StoreTime,
): Promise<Laggard | undefined> {
  if (await hasApplied(connection, runner.time, runner.key, time)) return undefined;
  return { reason: `events handler '${runner.name}' is behind${runner.trouble ? ` (${runner.trouble.message})` : ''}` };
}

async function hasApplied(
  connection: StoreConnection,
  own: StoreTime | undefined,
  key: string,
  time: StoreTime,
  slices?: SliceRange,
): Promise<boolean> {
  if (own !== undefined) return own >= time;
  const position = (await connection.checkpoints.find(key))?.position;
  const saved = position && timeOf(position);
  if (position === undefined || saved === undefined) return false;
  if (saved >= time) return true;
  return !isInsideTime(position) && (await connection.feed.eventsAfter(saved, 1, slices)) === 0;
}

/** Whether everything is in the topic that a projection reads, where this store fills it: what is on its way shows in no lag of the topic. */
async function isRelayed(
  connection: StoreConnection,
  { definition: { source } }: ProjectionSupervisor,
  relays: readonly RelayRunner[],
  time: StoreTime,
): Promise<boolean> {
  if (source === undefined) return true;
  const key = relayKey(source.topic);
  const isFilledHere = (await connection.checkpoints.find(key)) !== undefined;
  const own = relays.find(({ topic }) => topic.name === source.topic)?.time;
  // Another process may have sent more since.
  return !isFilledHere || (own !== undefined && own >= time) || hasApplied(connection, undefined, key, time);
}
