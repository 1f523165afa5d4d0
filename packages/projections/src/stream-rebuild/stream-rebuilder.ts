import {
  isEventFromNewerBuild,
  lastVersionOf,
  parkedStreamId,
  StoreUnavailable,
  type Commit,
  type Generation,
  type ParkedStream,
  type ReadModelWriter,
  type StreamRebuild,
  type StreamRebuildEnd,
} from '@nestfold/core';
import type { ProjectionFold } from '../fold/projection-fold.js';
import type { PartitionParking } from '../parking/partition-parking.js';
import { Redrive, type LivePlace } from '../parking/redrive.js';
import { Superseded } from '../running/batch-committer.js';
import type { EngineContext } from '../running/engine-context.js';
import { describe, eventOf, isTransient } from '../running/failure.js';
import { PartitionLost, type HeldPartition } from '../running/held-partition.js';
import { untilAborted } from '../running/until-aborted.js';
import { foldStream, MOST_DOCUMENTS, type FoldedStream } from './stream-fold.js';
import { StreamTooLarge } from './stream-too-large.error.js';

/** Which ids of each collection are to give way. */
type Owned = ReadonlyMap<string, readonly string[]>;

/**
 * Makes anew what one stream feeds, in a batch of the partition's owner: what is there gives way to what the stream's events make of nothing, up to the
 * place that the partition has reached, in one transaction. Whatever was applied when it ran stays applied: a request that is executed again, since its end was
 * not noted, changes nothing.
 */
export class StreamRebuilder {
  constructor(
    private readonly context: EngineContext,
    private readonly held: HeldPartition,
    private readonly fold: ProjectionFold,
    private readonly parking: PartitionParking,
    private readonly generation: Generation,
    private readonly signal: AbortSignal,
  ) {}

  /** Throws `PartitionLost`, `Superseded` and `StoreUnavailable`: the request stands then. */
  async execute(request: StreamRebuild): Promise<void> {
    const { connection, environment, logger } = this.context;
    // First of all a batch that says nothing: whoever has lost the partition ends here, and what is read from now on is not older than the last batch.
    await this.write(() => Promise.resolve());
    const end = await this.attempt(request);
    const endedAt = new Date(environment.now());
    await connection.generations.endStreamRebuild(this.generation.id, request.id, { ...end, endedAt });
    const { stream, by } = request;
    const told = { generation: this.generation.id, stream, by, ...end };
    if (end.state === 'done') logger.info('What a stream feeds was made anew.', told);
    else logger.warn('A stream could not be rebuilt: its documents stay as they were.', told);
  }

  private async attempt(request: StreamRebuild): Promise<DistributiveOmit<StreamRebuildEnd, 'endedAt'>> {
    const { connection } = this.context;
    const { stream } = request;
    const parked = await connection.parked.get(parkedStreamId(this.generation.id, stream));
    try {
      const folded = await this.folded(request, parked);
      const owned = await this.ownedBy(request, folded);
      await this.write((models) => replace(models, owned, folded, stream));
      return { state: 'done', version: parked === undefined ? folded.version : await this.redriven(parked, request) };
    } catch (error) {
      if (error instanceof PartitionLost || error instanceof Superseded) throw error;
      if (isTransient(error) && !isEventFromNewerBuild(error)) throw error;
      // Another owner may do what this one could not.
      await this.write(() => Promise.resolve());
      const event = eventOf(error);
      return { state: 'failed', error: { ...describe(error), ...(event !== undefined && { event }) } };
    }
  }

  /** All that was applied of it, and nothing else: what was delivered has a watermark, or is older than the floor. */
  private async folded({ stream }: StreamRebuild, parked: ParkedStream | undefined): Promise<FoldedStream> {
    const { events, checkpoints } = this.context.connection;
    const { key, floor } = this.held.stored;
    const upTo = parked?.applied ?? (await checkpoints.watermarks(key, [stream])).get(stream)?.seen ?? 0;
    const isApplied = (commit: Commit): boolean =>
      lastVersionOf(commit) <= upTo || (parked === undefined && floor !== undefined && commit.time < floor);
    const folded = await foldStream(events, this.fold, stream, isApplied, this.signal);
    if (folded.version < upTo)
      throw new StoreUnavailable(`'${stream}' was read up to ${folded.version} only, but ${upTo} was applied.`);
    return folded;
  }

  /** Nobody else writes what this stream feeds while this process holds its partition, so it may be looked for outside of the transaction. */
  private async ownedBy({ stream }: StreamRebuild, { documents }: FoldedStream): Promise<Owned> {
    const { readModels } = this.context.connection;
    const owned = new Map<string, readonly string[]>();
    let sum = 0;
    for (const collection of Object.values(this.fold.collections)) {
      const ids = [...documents.of(collection).keys()];
      const looking = readModels.fedBy(collection, stream, ids, MOST_DOCUMENTS + 1);
      // It may take minutes, and whoever is to have the partition, or to pause it, would wait for that long.
      const found = await untilAborted(looking, this.signal);
      if (found === undefined) throw new PartitionLost(`The rebuild of '${stream}' is being given up.`);
      owned.set(collection, found);
      sum += found.length;
      if (sum > MOST_DOCUMENTS) throw new StreamTooLarge(stream, `${MOST_DOCUMENTS} documents`);
    }
    return owned;
  }

  /** What waits behind a dead letter is tried again, as if that had been asked for; answers up to which version the stream is applied then. */
  private async redriven(parked: ParkedStream, { id, by, at }: StreamRebuild): Promise<number> {
    const request = parked.request ?? { id, kind: 'retry', by, at, event: parked.error.event };
    const redrive = new Redrive(this.context, this.held, this.fold, this.parking, this.signal);
    await redrive.execute({ ...parked, request });
    const left = await this.context.connection.parked.get(parked.id);
    return left?.applied ?? parked.seen;
  }

  private async write(work: (models: ReadModelWriter) => Promise<void>): Promise<void> {
    const position = this.held.stored.position as LivePlace;
    if (!(await this.held.write(this.context.environment.uuid(), { position }, work))) throw new Superseded();
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** All removes come first: values of unique indexes may have passed from one document to another. */
async function replace(
  models: ReadModelWriter,
  owned: Owned,
  { documents }: FoldedStream,
  fedBy: string,
): Promise<void> {
  for (const [collection, ids] of owned) {
    if (ids.length > 0)
      await models.apply(
        collection,
        ids.map((id) => ({ kind: 'remove', id })),
      );
    const inserts = [...documents.of(collection)].map(([id, document]) => ({
      kind: 'insert' as const,
      id,
      document,
      fedBy,
    }));
    if (inserts.length > 0) await models.apply(collection, inserts);
  }
}
