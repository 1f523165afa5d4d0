import type { Generation, GenerationFailure, StoreConnection } from '@nestfold/core';
import type { HandlerRunner } from '../handling/handler-runner.js';
import { handlerConsumer } from '../parking/dead-letter.js';
import type { ProjectionSupervisor } from '../running/projection-supervisor.js';
import type { ProjectionView } from '../running/projection-view.js';
import type { Trouble } from '../running/runner-view.js';
import { lagOf, savedTimeOf, sumOf } from './generation-lag.js';
import { partitionStatusesOf } from './partition-statuses.js';
import type { EventsHandlerStatus, ProjectionState, ProjectionStatus } from './projection-status.js';
import type { RebuildState, RebuildStatus } from './rebuild-status.js';

/** How one projection stands, as stored and as this process knows it. */
export async function projectionStatusOf(
  connection: StoreConnection,
  supervisor: ProjectionSupervisor,
): Promise<ProjectionStatus> {
  const { name, version, source } = supervisor.definition;
  const view = await supervisor.read();
  const { entry, live, building, fallback } = view;
  const shown = live ?? building;
  const runner = supervisor.runner;
  const topic = shown && (await supervisor.topicLags(shown));
  const partitions = shown === undefined ? [] : await partitionStatusesOf(connection, shown, runner, topic?.lags);
  const error =
    shown?.failure ?? supervisor.waitsFor ?? topic?.unknown ?? failureOf(runner?.retrying) ?? runner?.complaint;
  const waits = runner?.state === 'newer-build' || partitions.some(({ needs }) => needs !== undefined);
  return {
    name,
    version,
    state: stateOf(view, waits),
    generation: shown?.number ?? 0,
    ...(source && { topic: source.topic }),
    ...sumOf(partitions),
    rate: runner?.held.length === shown?.partitions ? (runner?.rate ?? 0) : (shown?.progress.rate ?? 0),
    ...(shown === undefined ? { parked: 0 } : await parkedOf(connection, shown.id)),
    partitions,
    ...(fallback && { reads: fallback.version }),
    ...(entry?.paused && { paused: entry.paused }),
    ...(error && { error }),
  };
}

function failureOf(trouble: Trouble | undefined): GenerationFailure | undefined {
  return trouble && { code: trouble.code, message: trouble.error, at: new Date(trouble.since) };
}

function stateOf({ entry, live, building }: ProjectionView, waits: boolean): ProjectionState {
  if (entry?.paused !== undefined) return 'paused';
  if ((live ?? building)?.state === 'failed') return 'stopped';
  if (waits) return 'waiting';
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
  const parked = await parkedOf(connection, handlerConsumer(name));
  return { name, state, ...lag, ...parked, ...(trouble && { error: trouble }) };
}

async function parkedOf(
  { parked: store }: StoreConnection,
  consumer: string,
): Promise<{ readonly parked: number; readonly parkedSince?: Date }> {
  const { parked, oldest } = await store.summary(consumer);
  return { parked, ...(oldest && { parkedSince: oldest }) };
}

/** How the build of one generation goes, and what it fails with here, again and again. */
export function rebuildStatusOf(generation: Generation, now: number, trouble?: Trouble): RebuildStatus {
  const { id, projection, progress, paused, throttle, startedBy, startedAt, failure } = generation;
  const state = rebuildStateOf(generation);
  const endedAt = endOfBuild(generation, state);
  // What stops a generation that was live before has nothing to do with its build.
  const error = state === 'failed' ? failure : state === 'running' ? failureOf(trouble) : undefined;
  return {
    id,
    projection,
    state,
    ...progress,
    ...(endedAt && { rate: meanRateOf(generation, endedAt) }),
    ...(state === 'running' && paused && { paused }),
    ...(state === 'running' && throttle !== undefined && { throttle }),
    ...(state === 'running' && !paused && progress.processed > 0 && { etaSeconds: etaOf(generation, now) }),
    startedBy,
    startedAt,
    ...(endedAt && { endedAt }),
    ...(error && { error }),
  };
}

function endOfBuild({ builtAt, endedAt, failure }: Generation, state: RebuildState): Date | undefined {
  if (state === 'failed') return failure?.at;
  return state === 'cancelled' ? endedAt : builtAt;
}

/** The rate of the last seconds says nothing of a build that is over: it waited then, for the swap or for nobody. */
function meanRateOf({ progress: { processed }, startedAt }: Generation, endedAt: Date): number {
  const seconds = Math.max(1, endedAt.getTime() - startedAt.getTime()) / 1_000;
  return Math.round((100 * processed) / seconds) / 100;
}

/** By the pace since the beginning: `processed` and `total` count commits, while `rate` counts events. */
function etaOf({ progress: { processed, total }, startedAt }: Generation, now: number): number {
  const elapsedSeconds = Math.max(0, now - startedAt.getTime()) / 1_000;
  return Math.ceil((elapsedSeconds * Math.max(0, total - processed)) / processed);
}

function rebuildStateOf({ state, builtAt }: Generation): RebuildState {
  if (builtAt !== undefined) return 'done';
  if (state === 'building') return 'running';
  return state === 'live' || state === 'retired' ? 'done' : state;
}
