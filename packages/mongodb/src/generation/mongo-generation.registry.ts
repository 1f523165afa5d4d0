import {
  NotFound,
  RebuildRunning,
  type Generation,
  type GenerationFailure,
  type GenerationProgress,
  type GenerationRegistry,
  type NewGeneration,
  type RegistryEntry,
  type Swap,
} from '@nestfold/core';
import type { ClientSession, Collection, Filter, UpdateFilter } from 'mongodb';
import type { CheckpointDocument } from '../checkpoint/checkpoint-document.js';
import { COLLECTIONS } from '../connection/collections.js';
import { MAJORITY } from '../connection/durability.js';
import type { MongoContext } from '../connection/mongo-context.js';
import { DURABLE_IN_TIME } from '../transaction/durable.js';
import { isDuplicateKey, orUnavailable } from '../transaction/failure.js';
import { runTransaction } from '../transaction/run-transaction.js';
import {
  entryKey,
  entryOf,
  generationId,
  generationOf,
  newGenerationDocument,
  type EntryDocument,
  type GenerationDocument,
} from './generation-document.js';
import type { RegistryNotices } from './registry-notices.js';

const LIMIT_MS = 10_000;
/** An entry is made before the first generation begins, and counts only then. */
const BEGUN = { numbers: { $gt: 0 } };

/** A swap that is not to happen: thrown so that its transaction leaves nothing. */
class SwapRefused extends Error {}

/** The registry in two collections; what touches both is one transaction. Throws `StoreUnavailable`. */
export class MongoGenerationRegistry implements GenerationRegistry {
  private readonly registry: Collection<EntryDocument>;
  private readonly known: Collection<GenerationDocument>;
  private readonly checkpoints: Collection<CheckpointDocument>;

  constructor(
    private readonly context: MongoContext,
    private readonly notices: RegistryNotices,
  ) {
    const options = { ...MAJORITY, writeConcern: DURABLE_IN_TIME };
    this.registry = context.db.collection<EntryDocument>(COLLECTIONS.registry, options);
    this.known = context.db.collection<GenerationDocument>(COLLECTIONS.generations, options);
    this.checkpoints = context.db.collection<CheckpointDocument>(COLLECTIONS.checkpoints, options);
  }

  async entry(projection: string, version: number): Promise<RegistryEntry | undefined> {
    const _id = entryKey({ projection, version });
    const found = await orUnavailable('Reading the registry', () =>
      this.registry.findOne({ _id, ...BEGUN }, { maxTimeMS: LIMIT_MS }),
    );
    return found ? entryOf(found) : undefined;
  }

  async entries(): Promise<readonly RegistryEntry[]> {
    const found = await orUnavailable('Reading the registry', () =>
      this.registry.find(BEGUN, { maxTimeMS: LIMIT_MS }).toArray(),
    );
    return found.map(entryOf);
  }

  async generation(id: string): Promise<Generation | undefined> {
    const found = await orUnavailable('Reading the registry', () =>
      this.known.findOne({ _id: id }, { maxTimeMS: LIMIT_MS }),
    );
    return found ? generationOf(found) : undefined;
  }

  async generations(projection: string, version: number): Promise<readonly Generation[]> {
    const found = await orUnavailable('Reading the registry', () =>
      this.known.find({ projection, version }, { sort: { number: 1 }, maxTimeMS: LIMIT_MS }).toArray(),
    );
    return found.map(generationOf);
  }

  async begin(generation: NewGeneration): Promise<Generation> {
    const _id = entryKey(generation);
    const step = this.context.environment.uuid();
    // Made outside: of two that insert it inside of their transactions one would fail for good.
    await orUnavailable('Beginning a generation', () =>
      this.registry.updateOne({ _id }, { $setOnInsert: { numbers: 0, step } }, { upsert: true }),
    ).catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
    });
    return this.change(async (session) => {
      const entry = await this.registry.findOne({ _id }, { session });
      if (entry?.building !== undefined && entry.step !== step)
        throw new RebuildRunning(generationId(_id, entry.building));
      const number = entry?.building ?? (entry?.numbers ?? 0) + 1;
      const document = newGenerationDocument(generation, number, this.now());
      if (entry?.building !== undefined)
        return generationOf((await this.known.findOne({ _id: document._id }, { session })) ?? document);
      await this.registry.updateOne({ _id }, { $set: { building: number, numbers: number, step } }, { session });
      await this.known.insertOne(document, { session });
      return generationOf(document);
    });
  }

  async report(id: string, progress: GenerationProgress): Promise<void> {
    const { processed, total, rate } = progress;
    await this.changeOne(id, {}, { $set: { progress: { processed, total, rate } } });
  }

  async fail(id: string, failure: GenerationFailure): Promise<void> {
    await this.changeOne(
      id,
      { state: { $in: ['building', 'live', 'failed'] } },
      { $set: { state: 'failed', failure } },
    );
  }

  async retry(id: string): Promise<void> {
    await this.change(async (session) => {
      const { number, ...generation } = await this.existing(id, session);
      const entry = await this.registry.findOne({ _id: entryKey(generation) }, { session });
      const state = entry?.live === number || entry?.previous === number ? 'live' : 'building';
      await this.known.updateOne(
        { _id: id, state: 'failed' },
        { $set: { state }, $unset: { failure: '' } },
        { session },
      );
    });
  }

  async requestCancel(id: string): Promise<boolean> {
    return this.change(async (session) => {
      if (!(await this.isBuilding(await this.existing(id, session), session))) return false;
      await this.known.updateOne({ _id: id }, { $set: { cancelRequested: true } }, { session });
      return true;
    });
  }

  async cancel(id: string): Promise<void> {
    await this.change(async (session) => {
      const generation = await this.existing(id, session);
      if (!(await this.isBuilding(generation, session))) return;
      await this.known.updateOne({ _id: id }, { $set: { state: 'cancelled', endedAt: this.now() } }, { session });
      await this.registry.updateOne({ _id: entryKey(generation) }, { $unset: { building: '' } }, { session });
    });
  }

  async swap({ generation: { id }, by, held }: Swap): Promise<boolean> {
    const step = this.context.environment.uuid();
    try {
      return await this.change(async (session) => {
        const generation = await this.existing(id, session);
        const entry = await this.registry.findOne({ _id: entryKey(generation) }, { session });
        if (entry?.step === step) return true;
        if (
          !entry ||
          generation.cancelRequested === true ||
          generation.state === 'cancelled' ||
          generation.state === 'retired'
        )
          throw new SwapRefused();
        await this.hold(held, step, session);
        await this.known.updateOne({ _id: id }, { $set: { state: 'live' }, $unset: { failure: '' } }, { session });
        await this.registry.updateOne(
          { _id: entry._id },
          pointerUpdate(entry, generation.number, { step, swappedBy: by, swappedAt: this.now() }),
          {
            session,
          },
        );
        return true;
      });
    } catch (error) {
      if (error instanceof SwapRefused) return false;
      throw error;
    }
  }

  async retire(id: string): Promise<void> {
    await this.change(async (session) => {
      const generation = await this.existing(id, session);
      const _id = entryKey(generation);
      const entry = await this.registry.findOne({ _id }, { session });
      // A rollback was faster: what is live again is fed on.
      if (entry?.live === generation.number) return;
      await this.known.updateOne({ _id: id }, { $set: { state: 'retired', endedAt: this.now() } }, { session });
      // The entry is written even where it stays as it is, so that a swap at the same time meets it.
      const step = this.context.environment.uuid();
      await this.registry.updateOne(
        { _id },
        { $set: { step }, ...(entry?.previous === generation.number && { $unset: { previous: '' } }) },
        { session },
      );
    });
  }

  onChange(listener: () => void): () => void {
    return this.notices.listen(listener);
  }

  /** Written, not only read: a claim of one of these checkpoints at the same time meets the swap, and one of the two fails. */
  private async hold(held: Swap['held'], swap: string, session: ClientSession): Promise<void> {
    if (held.length === 0) return;
    const { matchedCount } = await this.checkpoints.bulkWrite(
      held.map(({ key, token }) => ({ updateOne: { filter: { _id: key, token }, update: { $set: { swap } } } })),
      { session, ordered: true },
    );
    if (matchedCount !== held.length) throw new SwapRefused();
  }

  private async isBuilding(generation: GenerationDocument, session: ClientSession): Promise<boolean> {
    // Written for the same reason: a swap at the same time either was, and the entry says so, or fails.
    const step = this.context.environment.uuid();
    const { matchedCount } = await this.registry.updateOne(
      { _id: entryKey(generation), building: generation.number },
      { $set: { step } },
      { session },
    );
    return matchedCount === 1;
  }

  private async existing(id: string, session: ClientSession): Promise<GenerationDocument> {
    const found = await this.known.findOne({ _id: id }, { session });
    if (!found) throw new NotFound('generation', id);
    return found;
  }

  private async changeOne(
    id: string,
    only: Filter<GenerationDocument>,
    update: UpdateFilter<GenerationDocument>,
  ): Promise<void> {
    const { matchedCount } = await orUnavailable('Changing the registry', () =>
      this.known.updateOne({ ...only, _id: id }, update, { ignoreUndefined: true }),
    );
    if (matchedCount === 0 && !(await this.generation(id))) throw new NotFound('generation', id);
    this.notices.tell();
  }

  private async change<T>(body: (session: ClientSession) => Promise<T>): Promise<T> {
    const result = await runTransaction(this.context.client, this.context.environment, body);
    this.notices.tell();
    return result;
  }

  private now(): Date {
    return new Date(this.context.environment.now());
  }
}

function pointerUpdate(
  { live, building, previous }: EntryDocument,
  number: number,
  marks: { readonly step: string; readonly swappedBy: string; readonly swappedAt: Date },
): UpdateFilter<EntryDocument> {
  const former = live === number ? previous : live;
  const $unset = {
    ...(building === number && { building: '' as const }),
    ...(former === undefined && { previous: '' as const }),
  };
  return {
    $set: { ...marks, live: number, ...(former !== undefined && { previous: former }) },
    ...(Object.keys($unset).length > 0 && { $unset }),
  };
}
