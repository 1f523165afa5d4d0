import type { DocumentMemory } from '../fold/document-memory.js';
import { Backoff } from './backoff.js';
import type { EngineContext } from './engine-context.js';
import { eventOf, Insurmountable, isTransient } from './failure.js';
import { PartitionLost, type BatchContents, type HeldPartition } from './held-partition.js';
import { endOf, lastOf, watermarksOf, type Cut, type ReadyBatch } from './ready-batch.js';

/** Another batch stands in the place of the one that was written: go on from what is stored. */
export class Superseded extends Error {}

/** How often a silent store is asked on one session. */
const ASKED = 5;

/** Writes folded batches to one partition, each once. */
export class BatchCommitter {
  constructor(
    private readonly context: EngineContext,
    private readonly held: HeldPartition,
    /** Aborts when nothing more is to be tried. */
    private readonly signal: AbortSignal,
    /** What the batches of a build remember. */
    private readonly memory: () => DocumentMemory | undefined,
    /** Hears of failures that are tried again. */
    private readonly onRetry: (error: unknown) => void,
  ) {}

  /**
   * Writes a batch. A store that does not answer is asked a few times, then the partition is given up, to be taken again with a fresh session
   * (`PartitionLost`); anything else is tried `settings.attempts` times, then what stands before the failing event is written and `Insurmountable`
   * thrown. Also throws `Superseded`.
   */
  async commit(batch: ReadyBatch): Promise<void> {
    const { environment, settings } = this.context;
    const failing = new Backoff(environment, settings.backoffMs, settings.backoffMaxMs);
    const id = environment.uuid();
    for (;;) {
      try {
        return await this.asked(() => this.write(id, batch, failing.attempts > 0));
      } catch (error) {
        if (error instanceof PartitionLost || error instanceof Superseded) throw error;
        if (failing.attempts + 1 >= settings.attempts) throw await this.giveUp(batch, error);
        await this.pause(failing, error);
      }
    }
  }

  /** Writes a place that moved without events. Throws `PartitionLost` and `Superseded`. */
  async save({ position, floor }: Pick<Cut, 'position' | 'floor'>): Promise<void> {
    const id = this.context.environment.uuid();
    const written = await this.asked(() =>
      this.held.write(id, { position, ...(floor !== undefined && { floor }) }, () => Promise.resolve()),
    );
    if (!written) throw new Superseded();
  }

  /** Asks again, under the same id, while the store does not answer. */
  private async asked<R>(write: () => Promise<R>): Promise<R> {
    const { environment, settings } = this.context;
    const unavailable = new Backoff(environment, settings.backoffMs, settings.backoffMaxMs);
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (error instanceof PartitionLost || !isTransient(error)) throw error;
        if (unavailable.attempts >= ASKED)
          throw new PartitionLost(
            `'${this.held.key}' is given up, to be taken again with a fresh session.`,
            {},
            { cause: error },
          );
        await this.pause(unavailable, error);
      }
    }
  }

  private async pause(backoff: Backoff, error: unknown): Promise<void> {
    this.onRetry(error);
    await backoff.pause(this.signal);
    if (this.signal.aborted) throw new PartitionLost(`'${this.held.key}' is being given up.`, {}, { cause: error });
  }

  private async write(id: string, batch: ReadyBatch, careful: boolean): Promise<void> {
    const { position, floor } = endOf(batch);
    const last = lastOf(batch);
    const watermarks = watermarksOf(batch);
    const contents: BatchContents = {
      position,
      ...(floor !== undefined && { floor }),
      ...(last !== undefined && { last }),
      ...(watermarks !== undefined && { watermarks }),
    };
    const memory = this.memory();
    const written = await this.held.write(id, contents, (models) => batch.fold.apply(models, { careful, memory }));
    if (!written) throw new Superseded();
    if (memory !== undefined) batch.fold.remember(memory);
  }

  /** What can be applied before the failing event is not to be held back by it. */
  private async giveUp(batch: ReadyBatch, error: unknown): Promise<Insurmountable> {
    const suspect = eventOf(error) ?? batch.fold.suspect?.event.id;
    const before = suspect === undefined ? undefined : batch.before(suspect);
    const id = this.context.environment.uuid();
    if (before !== undefined) await this.asked(() => this.write(id, before, false));
    return new Insurmountable(error, suspect);
  }
}
