import type { StoreConnection, StoreTime } from '@nestfold/core';
import type { HandlerRunner } from '../handling/handler-runner.js';
import { partitionKey } from '../running/keys.js';
import type { ProjectionSupervisor } from '../running/projection-supervisor.js';
import { savedTimeOf } from './statuses.js';

/**
 * Says in words what holds a projection back from having applied everything up to a time; `undefined` when nothing does. Where it runs in this
 * process, the answer is exact; elsewhere a quiet follower saves its place rarely, so there it is enough that no event follows it.
 */
export async function projectionLag(
  connection: StoreConnection,
  supervisor: ProjectionSupervisor,
  time: StoreTime,
): Promise<string | undefined> {
  const { name } = supervisor.definition;
  const { live, building } = await supervisor.read();
  if (live === undefined)
    return `projection '${name}' ${building?.failure ? `stopped: ${building.failure.message}` : 'is being built for the first time'}`;
  const runner = supervisor.runner;
  if (await hasApplied(connection, runner?.time, partitionKey(live), time)) return undefined;
  if (live.failure) return `projection '${name}' stopped: ${live.failure.message}`;
  return `projection '${name}' is behind${runner?.retrying ? ` (${runner.retrying.error})` : ''}`;
}

/** The same of an events handler. */
export async function handlerLag(
  connection: StoreConnection,
  runner: HandlerRunner,
  time: StoreTime,
): Promise<string | undefined> {
  if (await hasApplied(connection, runner.time, runner.key, time)) return undefined;
  return `events handler '${runner.name}' is behind${runner.trouble ? ` (${runner.trouble.message})` : ''}`;
}

async function hasApplied(
  connection: StoreConnection,
  own: StoreTime | undefined,
  key: string,
  time: StoreTime,
): Promise<boolean> {
  if (own !== undefined) return own >= time;
  const saved = await savedTimeOf(connection, key);
  if (saved === undefined) return false;
  return saved >= time || (await connection.feed.eventsAfter(saved, 1)) === 0;
}
