import {
  NotFound,
  RebuildRunning,
  sameAgain,
  type Generation,
  type GenerationFailure,
  type GenerationRegistry,
  type HeldToken,
  type NewGeneration,
  type RegistryEntry,
  type Swap,
} from '@nestfold/core';
import type { ClientSession, Collection } from 'mongodb';
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
import { OneDocumentSteps } from './one-document-steps.js';
import { pointerUpdate } from './pointer-update.js';
import { insistOnHeld, insistOnReached, StepRefused } from './step-guards.js';
import type { RegistryNotices } from './registry-notices.js';
import { TAKEN_AWAY } from './version-updates.js';

const LIMIT_MS = 10_000;
/** An entry is made before the first generation begins, and counts only then; and not any more when its version was dropped. */
const BEGUN = { numbers: { $gt: 0 }, gone: { $exists: false } };

const isOver = ({ state }: GenerationDocument): boolean => state === 'cancelled' || state === 'retired';

/** The registry in two collections; what touches both is one transaction. Throws `StoreUnavailable`. */
export class MongoGenerationRegistry extends OneDocumentSteps implements GenerationRegistry {
  protected readonly registry: Collection<EntryDocument>;
  protected readonly known: Collection<GenerationDocument>;
  private readonly checkpoints: Collection<CheckpointDocument>;

  constructor(
    private readonly context: MongoContext,
    notices: RegistryNotices,
  ) {
    super(notices);
    const options = { ...MAJORITY, writeConcern: DURABLE_IN_TIME };
    this.registry = context.db.collection<EntryDocument>(COLLECTIONS.registry, options);
    this.known = context.db.collection<GenerationDocument>(COLLECTIONS.generations, options);
    this.checkpoints = context.db.collection<CheckpointDocument>(COLLECTIONS.checkpoints, options);
  }

  async entry(projection: string, version: number): Promise<RegistryEntry | undefined> {
    const _id = entryKey({ projection, version });
    const found = await this.seen((session) =>
      this.registry.findOne({ _id, ...BEGUN }, { session, maxTimeMS: LIMIT_MS }),
    );
    return found ? entryOf(found) : undefined;
  }

  async entries(): Promise<readonly RegistryEntry[]> {
    const found = await this.seen((session) => this.registry.find(BEGUN, { session, maxTimeMS: LIMIT_MS }).toArray());
    return found.map(entryOf);
  }

  async generation(id: string): Promise<Generation | undefined> {
    const found = await this.seen((session) => this.known.findOne({ _id: id }, { session, maxTimeMS: LIMIT_MS }));
    return found ? generationOf(found) : undefined;
  }

  async generations(projection: string, version: number): Promise<readonly Generation[]> {
    const found = await this.seen((session) =>
      this.known.find({ projection, version }, { session, sort: { number: 1 }, maxTimeMS: LIMIT_MS }).toArray(),
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
      const running = entry?.dropping ? undefined : entry?.building;
      if (running !== undefined && entry?.step !== step) throw new RebuildRunning(generationId(_id, running));
      if (running === undefined) return generationOf(await this.place(generation, entry, step, session));
      const document = newGenerationDocument(generation, running, this.now());
      return generationOf((await this.known.findOne({ _id: document._id }, { session })) ?? document);
    });
  }

  async fail(id: string, failure: GenerationFailure, held: HeldToken): Promise<boolean> {
    return this.unlessRefused(async (session) => {
      if (isOver(await this.existing(id, session))) throw new StepRefused();
      await insistOnHeld(this.checkpoints, [held], this.context.environment.uuid(), session);
      const update = { $set: { state: 'failed', failure } } as const;
      await this.known.updateOne({ _id: id }, update, { session, ignoreUndefined: true });
    });
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

  async cancel(id: string, { again = false }: { readonly again?: boolean } = {}): Promise<void> {
    await this.change(async (session) => {
      const generation = await this.existing(id, session);
      if (!(await this.isBuilding(generation, session))) return;
      const _id = entryKey(generation);
      await this.known.updateOne({ _id: id }, { $set: { state: 'cancelled', endedAt: this.now() } }, { session });
      await this.registry.updateOne({ _id }, { $unset: { building: '' } }, { session });
      const entry =
        again && generation.cancelRequested !== true ? await this.registry.findOne({ _id }, { session }) : null;
      if (entry === null || entry.dropping) return;
      await this.place(sameAgain(generation), entry, this.context.environment.uuid(), session);
    });
  }

  async swap({ generation: { id }, by, held, reached, progress }: Swap): Promise<boolean> {
    const step = this.context.environment.uuid();
    return this.unlessRefused(async (session) => {
      const generation = await this.existing(id, session);
      const entry = await this.registry.findOne({ _id: entryKey(generation) }, { session });
      if (entry?.step === step) return;
      if (!entry || entry.dropping || generation.cancelRequested === true || isOver(generation))
        throw new StepRefused();
      await insistOnHeld(this.checkpoints, held, step, session);
      if (reached) await insistOnReached(this.checkpoints, reached, session);
      const now = this.now();
      const built = generation.builtAt === undefined && { builtAt: now, ...(progress && { progress }) };
      const update = { $set: { state: 'live', ...built }, $unset: { failure: '', swap: '' } } as const;
      await this.known.updateOne({ _id: id }, update, { session });
      const marks = { step, swappedBy: by, swappedAt: now };
      await this.registry.updateOne({ _id: entry._id }, pointerUpdate(entry, generation.number, marks), { session });
    });
  }

  async retire(id: string): Promise<void> {
    await this.change(async (session) => {
      const generation = await this.existing(id, session);
      const _id = entryKey(generation);
      const entry = await this.registry.findOne({ _id }, { session });
      // A rollback was faster: what is live again is fed on.
      const isInUse = [entry?.live, entry?.building].includes(generation.number) && !entry?.dropping;
      if (isInUse || isOver(generation)) return;
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

  /**
   * Not older than what this connection has seen: a primary that has just been elected could otherwise tell a process of a pointer that has moved since, and
   * its readers would see the former documents once more. What is *changed* rests on no such read: each step looks again in its own transaction.
   */
  private seen<T>(read: (session: ClientSession) => Promise<T>): Promise<T> {
    return orUnavailable('Reading the registry', () => this.context.clock.read(this.context.client, read));
  }

  /** Makes the next generation the one that is built. */
  private async place(
    generation: NewGeneration,
    entry: EntryDocument | null,
    step: string,
    session: ClientSession,
  ): Promise<GenerationDocument> {
    const number = (entry?.numbers ?? 0) + 1;
    const document = newGenerationDocument(generation, number, this.now());
    const isAnew = entry?.dropping === true || entry?.gone === true;
    await this.registry.updateOne(
      { _id: entryKey(generation) },
      {
        $set: { building: number, numbers: number, step },
        $currentDate: { namedAt: true },
        ...(isAnew && { $unset: TAKEN_AWAY }),
      },
      { session },
    );
    await this.known.insertOne(document, { session });
    return document;
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

  private async unlessRefused(body: (session: ClientSession) => Promise<void>): Promise<boolean> {
    try {
      await this.change(body);
      return true;
    } catch (error) {
      if (error instanceof StepRefused) return false;
      throw error;
    }
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
