import {
  envelopesOf,
  EventTypes,
  isChangeRefused,
  isDocumentExists,
  isProjectionFailed,
  storeTime,
  type EventEnvelope,
  type NewEvent,
  type StoredDocument,
  type StoreConnection,
} from '@nestfold/core';
import { ProjectionFold, projectionDefinitionOf } from '@nestfold/projections';
import { SamplePartition } from '../checkpoint/sample-partition.js';
import { byValue } from './by-value.js';
import { Copied, FoldedProjection, Wished } from './folded.projection.js';

const definition = projectionDefinitionOf(FoldedProjection);
const types = EventTypes.of([Wished, Copied]);
const IDS = ['a', 'b', 'c'];

/** What a sequence of events came to: the documents, and the event at which it stopped. */
export interface FoldResult {
  readonly documents: readonly StoredDocument[];
  /** The version of the event that could not be applied. */
  readonly stoppedAt: number | undefined;
  /** How many batches failed though each of their events could be applied. */
  readonly refusedInVain: number;
}

/** Folds batches into a collection of its own, as an engine does. */
export class FoldRun {
  private constructor(
    private readonly store: StoreConnection,
    private readonly partition: SamplePartition,
    private readonly collection: string,
    private readonly fold: ProjectionFold,
  ) {}

  static async open(store: StoreConnection, collection: string): Promise<FoldRun> {
    await store.readModels.create(collection);
    const partition = await SamplePartition.open(store, collection);
    const collections = Object.fromEntries(definition.readModels.map(({ name }) => [name, collection]));
    return new FoldRun(store, partition, collection, new ProjectionFold(definition, types, collections));
  }

  close(): Promise<boolean> {
    return this.partition.close();
  }

  /**
   * Begins with an empty collection and applies batch after batch. One that fails is applied event by event, as an engine does, until
   * one fails: there it stops.
   */
  async foldAll(batches: readonly (readonly EventEnvelope[])[]): Promise<FoldResult> {
    const clearing = IDS.map((id) => ({ kind: 'remove', id }) as const);
    await this.partition.write((models) => models.apply(this.collection, clearing));
    let refusedInVain = 0;
    for (const batch of batches) {
      const failure = await this.attempt(batch);
      if (failure === undefined) continue;
      const stoppedAt = batch.length === 1 ? batch[0]?.version : await this.foldEach(batch);
      if (stoppedAt !== undefined) return { documents: await this.documents(), stoppedAt, refusedInVain };
      refusedInVain += 1;
    }
    return { documents: await this.documents(), stoppedAt: undefined, refusedInVain };
  }

  private async foldEach(batch: readonly EventEnvelope[]): Promise<number | undefined> {
    for (const event of batch) if ((await this.attempt([event])) !== undefined) return event.version;
    return undefined;
  }

  private async attempt(events: readonly EventEnvelope[]): Promise<unknown> {
    try {
      const outcome = await this.partition.write(async (models) => {
        const batch = this.fold.begin();
        for (const event of events) batch.add(event);
        await batch.apply(models);
      });
      if (outcome.kind !== 'committed') throw new Error(`A batch was ${outcome.kind}.`);
      return undefined;
    } catch (error) {
      // Anything else is no refusal, but a fault of the fold or of the store.
      if (isRefusal(error)) return error;
      throw error;
    }
  }

  private async documents(): Promise<readonly StoredDocument[]> {
    const found = await Promise.all(IDS.map((id) => this.store.readModels.findById(this.collection, id)));
    return found.filter((document) => document !== undefined).map((document) => byValue(document) as StoredDocument);
  }
}

/** What the fold and the store throw for writes that a document cannot take. */
function isRefusal(error: unknown): boolean {
  return (
    isProjectionFailed(error) ||
    isChangeRefused(error) ||
    isDocumentExists(error) ||
    error instanceof TypeError ||
    error instanceof RangeError
  );
}

/** Events with places in one stream, fresh objects at each call. */
export function placed(batches: readonly (readonly NewEvent[])[]): EventEnvelope[][] {
  let version = 0;
  return batches.map((batch) =>
    batch.map(({ type, schema, data }) => {
      version += 1;
      const at = new Date(0);
      const metadata = { correlationId: 'fold', causationId: 'fold' };
      const event = types.newEvent((type === 'contract.copied' ? Copied : Wished) as typeof Wished, data as Wished);
      return envelopesOf({
        stream: 'fold-1',
        firstVersion: version,
        id: `${version}`,
        keyed: false,
        events: [{ ...event, schema }],
        metadata,
        occurredAt: at,
        recordedAt: at,
        time: storeTime(1, version),
      })[0]!;
    }),
  );
}
