import {
  NotFound,
  type Generation,
  type GenerationProgress,
  type LoadPlan,
  type LoadRange,
  type PendingSwap,
  type ProjectionVersion,
  type RegistryEntry,
  type StreamRebuild,
  type StreamRebuildEnd,
  type StreamRebuildRequest,
} from '@nestfold/core';
import type { Collection, Filter, UpdateFilter } from 'mongodb';
import { orUnavailable } from '../transaction/failure.js';
import { entryKey, entryOf, swapDocument, type EntryDocument, type GenerationDocument } from './generation-document.js';
import type { RegistryNotices } from './registry-notices.js';
import { reportingUpdate } from './reporting-update.js';
import { endOfStreamRebuild, mayRebuildStream, streamRebuildUpdate } from './stream-rebuild-updates.js';
import { DROPPED_FIELDS, expiredFilter, namingUpdate, unnamedFilter } from './version-updates.js';

const LIMIT_MS = 10_000;
/** A generation that is still being built; one that failed is. */
const BUILD: Filter<GenerationDocument> = { builtAt: { $exists: false }, endedAt: { $exists: false } };

/** The steps of the registry that change one document each, so that the server makes them atomic by itself. */
export abstract class OneDocumentSteps {
  protected abstract readonly registry: Collection<EntryDocument>;
  protected abstract readonly known: Collection<GenerationDocument>;

  protected constructor(protected readonly notices: RegistryNotices) {}

  abstract generation(id: string): Promise<Generation | undefined>;

  async report(id: string, progress: GenerationProgress, part = '0'): Promise<void> {
    const { matchedCount } = await orUnavailable('Changing the registry', () =>
      this.known.updateOne({ _id: id }, reportingUpdate(progress, part)),
    );
    if (matchedCount === 0) throw new NotFound('generation', id);
    this.notices.tell();
  }

  async planLoad(id: string, load: LoadPlan): Promise<Generation> {
    await this.changeIf({ _id: id, state: 'building', load: { $exists: false } }, { $set: { load } });
    const generation = await this.generation(id);
    if (!generation) throw new NotFound('generation', id);
    return generation;
  }

  async reportLoad(
    id: string,
    range: number,
    { processed, done }: Pick<LoadRange, 'processed' | 'done'>,
  ): Promise<void> {
    const place = `load.ranges.${range}`;
    await this.changeIf(
      { _id: id, [place]: { $exists: true } },
      { $max: { [`${place}.processed`]: processed }, ...(done && { $set: { [`${place}.done`]: true } }) },
    );
  }

  endLoad(id: string): Promise<boolean> {
    return this.changeIf(
      { _id: id, state: 'building', load: { $exists: true }, 'load.ranges.done': { $ne: false } },
      { $set: { 'load.done': true } },
    );
  }

  async requestSwap(id: string, swap: PendingSwap): Promise<void> {
    await this.changeIf(
      { _id: id, state: { $in: ['building', 'live', 'failed'] } },
      { $set: { swap: swapDocument(swap) } },
    );
  }

  async dropSwap(id: string, swap: string): Promise<void> {
    await this.changeIf({ _id: id, 'swap.id': swap }, { $unset: { swap: '' } });
  }

  pauseBuild(id: string, paused: boolean): Promise<boolean> {
    return this.changeIf({ _id: id, ...BUILD }, paused ? { $set: { paused: true } } : { $unset: { paused: '' } });
  }

  throttleBuild(id: string, eventsPerSecond: number | undefined): Promise<boolean> {
    const update =
      eventsPerSecond === undefined ? ({ $unset: { throttle: '' } } as const) : { $set: { throttle: eventsPerSecond } };
    return this.changeIf({ _id: id, ...BUILD }, update);
  }

  async requestStreamRebuild(id: string, request: StreamRebuildRequest): Promise<StreamRebuild | undefined> {
    await this.changeIf({ _id: id, ...mayRebuildStream(request.stream) }, streamRebuildUpdate(request));
    const generation = await this.generation(id);
    if (!generation) throw new NotFound('generation', id);
    return generation.streamRebuilds?.find(({ stream, state }) => stream === request.stream && state === 'requested');
  }

  async endStreamRebuild(id: string, request: string, end: StreamRebuildEnd): Promise<void> {
    await this.changeIf(
      { _id: id, streamRebuilds: { $elemMatch: { id: request, state: 'requested' } } },
      endOfStreamRebuild(end),
    );
  }

  async name(versions: readonly ProjectionVersion[], keepMs: number): Promise<void> {
    if (versions.length === 0) return;
    await orUnavailable('Naming versions', () =>
      this.registry.updateMany(unnamedFilter(versions, keepMs), namingUpdate(keepMs)),
    );
  }

  async expire(keepMs: number): Promise<readonly RegistryEntry[]> {
    return orUnavailable('Looking for unused versions', async () => {
      // The server looks at the filter again when it has the document: of a naming at the same moment one of the two comes first.
      await this.registry.updateMany(expiredFilter(keepMs), { $set: { dropping: true } });
      const found = await this.registry.find({ dropping: true }, { maxTimeMS: LIMIT_MS }).toArray();
      return found.map(entryOf);
    });
  }

  async endDrop(version: ProjectionVersion): Promise<boolean> {
    const { matchedCount } = await orUnavailable('Changing the registry', () =>
      this.registry.updateOne(
        { _id: entryKey(version), dropping: true },
        // Its numbers stay: whoever slept through all of this still knows generations by them.
        { $set: { gone: true }, $unset: DROPPED_FIELDS },
      ),
    );
    this.notices.tell();
    return matchedCount === 1;
  }

  async pause(projection: string, by: string): Promise<boolean> {
    return this.changeEntries(projection, [
      { $set: { paused: { $ifNull: ['$paused', { by: { $literal: by }, at: '$$NOW' }] } } },
    ]);
  }

  async resume(projection: string): Promise<boolean> {
    return this.changeEntries(projection, { $unset: { paused: '' } });
  }

  async forget(id: string): Promise<void> {
    await orUnavailable('Changing the registry', () =>
      this.known.deleteOne({ _id: id, state: { $in: ['cancelled', 'retired'] } }),
    );
  }

  private async changeEntries(
    projection: string,
    update: UpdateFilter<EntryDocument> | Record<string, unknown>[],
  ): Promise<boolean> {
    const { matchedCount } = await orUnavailable('Changing the registry', () =>
      this.registry.updateMany({ '_id.projection': projection, numbers: { $gt: 0 }, gone: { $exists: false } }, update),
    );
    this.notices.tell();
    return matchedCount > 0;
  }

  private async changeIf(
    filter: Filter<GenerationDocument>,
    update: UpdateFilter<GenerationDocument> | Record<string, unknown>[],
  ): Promise<boolean> {
    const { matchedCount } = await orUnavailable('Changing the registry', () =>
      this.known.updateOne(filter, update, { ignoreUndefined: true }),
    );
    this.notices.tell();
    return matchedCount === 1;
  }
}
