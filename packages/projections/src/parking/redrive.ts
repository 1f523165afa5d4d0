import {
  envelopesOf,
  isEventFromNewerBuild,
  lastVersionOf,
  type Commit,
  type FeedPosition,
  type ParkedStream,
  type Position,
  type StoreTime,
  type TopicPosition,
} from '@nestfold/core';
import type { FoldBatch } from '../fold/fold-batch.js';
import { notApplied } from '../fold/not-applied.js';
import type { ProjectionFold } from '../fold/projection-fold.js';
import { Superseded } from '../running/batch-committer.js';
import type { EngineContext } from '../running/engine-context.js';
import { eventOf, isTransient } from '../running/failure.js';
import { PartitionLost, type BatchContents, type HeldPartition } from '../running/held-partition.js';
import { failedAgain, parkedErrorOf } from './parked-record.js';
import type { PartitionParking } from './partition-parking.js';

/** Commits that are tried together; where they fail, one by one. */
const TOGETHER = 200;

/** Where a partition stands that is live and has begun to read, or that reads a topic. */
export type LivePlace = (Extract<Position, { phase: 'live' }> & { readonly feed: FeedPosition }) | TopicPosition;

/**
 * Executes what was asked of a parked stream, in batches of the partition's owner: applies what waits, in order, without the event that is to be
 * discarded. The stream is free in the batch that applies the last of it; what was not delivered yet follows by itself. What fails again stays
 * parked, and the request is answered.
 */
export class Redrive {
  constructor(
    private readonly context: EngineContext,
    private readonly held: HeldPartition,
    private readonly fold: ProjectionFold,
    private readonly parking: PartitionParking,
    /** Aborts when the partition is to be given back. */
    private readonly signal: AbortSignal,
  ) {}

  /** Throws `PartitionLost`, also when the signal aborts, `Superseded`, and `StoreUnavailable`: the request stands, and so does what was applied. */
  async execute(requested: ParkedStream): Promise<void> {
    let parked = requested;
    let size = TOGETHER;
    while (parked.applied < parked.seen) {
      if (this.signal.aborted) throw new PartitionLost(`'${this.held.key}' is being given up.`);
      let commits: readonly Commit[] = [];
      let fold: FoldBatch | undefined;
      try {
        commits = await this.waiting(parked, size);
        fold = this.folded(commits, parked);
        const applied = commits.length === 0 ? parked.seen : lastVersionOf(commits.at(-1)!);
        const [batch, careful] = [fold, commits.length === 1];
        await this.write(contentsOf(parked, applied, this.place, commits), (models) =>
          batch.apply(models, { careful }),
        );
        parked = { ...parked, applied };
        size = TOGETHER;
      } catch (error) {
        if (error instanceof PartitionLost || error instanceof Superseded) throw error;
        if (isTransient(error) && !isEventFromNewerBuild(error)) throw error;
        if (commits.length <= 1) return this.failed(parked, error, commits[0], fold);
        size = 1;
      }
    }
    if (requested.applied >= requested.seen)
      await this.write(contentsOf(parked, parked.seen, this.place, []), () => Promise.resolve());
    this.parking.forget(parked);
    this.context.logger.info('A parked stream is free again.', { ...describe(requested), applied: parked.applied });
  }

  private get place(): LivePlace {
    return this.held.stored.position as LivePlace;
  }

  private async waiting({ id, stream, applied, seen }: ParkedStream, limit: number): Promise<readonly Commit[]> {
    const { events, parked } = this.context.connection;
    if (this.place.phase === 'topic') return (await parked.kept(id, applied, limit)).filter(isUpTo(seen));
    return (await events.read(stream, { fromVersion: applied + 1, toVersion: seen, limit })).commits;
  }

  private folded(commits: readonly Commit[], { request }: ParkedStream): FoldBatch {
    const discarded = request?.kind === 'discard' ? request.event : undefined;
    const fold = this.fold.begin();
    for (const commit of commits) for (const event of envelopesOf(commit)) if (event.id !== discarded) fold.add(event);
    return fold;
  }

  private async write(contents: BatchContents, work: Parameters<HeldPartition['write']>[2]): Promise<void> {
    if (!(await this.held.write(this.context.environment.uuid(), contents, work))) throw new Superseded();
  }

  private async failed(
    parked: ParkedStream,
    cause: unknown,
    commit: Commit | undefined,
    fold: FoldBatch | undefined,
  ): Promise<void> {
    const events = commit === undefined ? [] : envelopesOf(commit);
    const suspect = eventOf(cause) === undefined ? fold?.suspect : undefined;
    const failure = suspect === undefined ? cause : notApplied(suspect, cause);
    const id = eventOf(failure) ?? events[0]?.id ?? parked.error.event;
    const error = parkedErrorOf(failure, id, events.find((one) => one.id === id)?.type ?? parked.error.type);
    const { by } = parked.request ?? {};
    const at = new Date(this.context.environment.now());
    const { answered, ...again } = failedAgain(parked, parked.applied, { at, error, ...(by !== undefined && { by }) });
    await this.write({ position: this.place, parked: { park: [{ ...again, ...(answered && { answered }) }] } }, () =>
      Promise.resolve(),
    );
    this.parking.note(again);
    this.context.logger.warn('A parked stream failed again.', { ...describe(parked), error: error.message });
  }
}

function contentsOf(
  { request: _request, ...parked }: ParkedStream,
  applied: number,
  position: LivePlace,
  commits: readonly Commit[],
): BatchContents {
  const { id, stream, seen } = parked;
  if (applied < seen) return { position, parked: { park: [{ ...parked, applied }] } };
  const time = commits.reduce((latest: StoreTime, { time: one }) => (one > latest ? one : latest), timeIn(position));
  return { position, parked: { unpark: [id] }, watermarks: { time, rows: [{ stream, seen, applied: seen }] } };
}

function describe({ consumer, stream, error, request }: ParkedStream): Readonly<Record<string, unknown>> {
  return { consumer, stream, event: error.event, kind: request?.kind, by: request?.by };
}

/** The time of a watermark that is written in a place: not before that of the batch before it. */
function timeIn(position: LivePlace): StoreTime {
  return position.phase === 'topic' ? (position.clock ?? '') : position.feed.time;
}

function isUpTo(version: number): (commit: Commit) => boolean {
  return ({ firstVersion }) => firstVersion <= version;
}
