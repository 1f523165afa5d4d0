import { secondsOf, storeTime, type Generation, type StoreConnection, type StoreTime } from '@nestfold/core';
import { timeOf } from '../following/store-clock.js';
import type { HandlerRunner } from '../handling/handler-runner.js';
import { partitionKey } from '../running/keys.js';
import type { RunnerView } from '../running/runner-view.js';
import type { ProjectionSupervisor } from '../running/projection-supervisor.js';
import type { EventsHandlerStatus, ProjectionState, ProjectionStatus } from './projection-status.js';
import type { RebuildState, RebuildStatus } from './rebuild-status.js';

/** Counting further would cost more than it tells. */
const COUNT_LIMIT = 10_000;

/** How one projection stands, as stored and as this process knows it. */
export async function projectionStatusOf(
  connection: StoreConnection,
  supervisor: ProjectionSupervisor,
): Promise<ProjectionStatus> {
  const { name, version } = supervisor.definition;
  const { live, building } = await supervisor.read();
  const shown = live ?? building;
  const runner = supervisor.runner;
  const lag =
    shown === undefined
      ? { lagEvents: 0, lagSeconds: 0 }
      : await lagOf(connection, runner?.time ?? (await savedTimeOf(connection, partitionKey(shown))));
  return {
    name,
    version,
    state: stateOf(live, building, runner),
    generation: shown?.number ?? 0,
    ...lag,
    rate: runner?.state === 'feeding' ? runner.rate : (shown?.progress.rate ?? 0),
    parked: 0,
    ...(shown?.failure && { error: shown.failure }),
  };
}

function stateOf(
  live: Generation | undefined,
  building: Generation | undefined,
  runner: RunnerView | undefined,
): ProjectionState {
  if ((live ?? building)?.state === 'failed') return 'stopped';
  if (runner?.state === 'newer-build') return 'waiting';
  if (live === undefined) return 'building';
  return building === undefined || building.state === 'failed' ? 'live' : 'rebuilding';
}

/** How one events handler stands. */
export async function handlerStatusOf(
  connection: StoreConnection,
  runner: HandlerRunner,
): Promise<EventsHandlerStatus> {
  const lag = await lagOf(connection, runner.time ?? (await savedTimeOf(connection, runner.key)));
  const { name, state, trouble } = runner;
  return { name, state, ...lag, ...(trouble && { error: trouble }) };
}

/** Up to where a partition is known to be applied, wherever it runs. */
export async function savedTimeOf({ checkpoints }: StoreConnection, key: string): Promise<StoreTime | undefined> {
  const position = (await checkpoints.find(key))?.position;
  return position && timeOf(position);
}

async function lagOf(
  { feed }: StoreConnection,
  time: StoreTime | undefined,
): Promise<{ lagEvents: number; lagSeconds: number }> {
  const lagEvents = await feed.eventsAfter(time ?? storeTime(0, 0), COUNT_LIMIT);
  if (lagEvents === 0) return { lagEvents, lagSeconds: 0 };
  return { lagEvents, lagSeconds: time === undefined ? 0 : Math.max(0, secondsOf(await feed.now()) - secondsOf(time)) };
}

/** How the build of one generation goes. */
export function rebuildStatusOf(generation: Generation): RebuildStatus {
  const { id, projection, progress, startedBy, startedAt, endedAt, failure } = generation;
  const state = rebuildStateOf(generation);
  const left = Math.max(0, progress.total - progress.processed);
  return {
    id,
    projection,
    state,
    ...progress,
    ...(state === 'running' && progress.rate > 0 && { etaSeconds: Math.ceil(left / progress.rate) }),
    startedBy,
    startedAt,
    ...(endedAt && { endedAt }),
    ...(failure && { error: failure }),
  };
}

function rebuildStateOf({ state }: Generation): RebuildState {
  if (state === 'building') return 'running';
  return state === 'live' || state === 'retired' ? 'done' : state;
}
