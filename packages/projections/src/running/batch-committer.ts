import type { ParkedChanges } from '@nestfold/core';
import type { DocumentMemory } from '../fold/document-memory.js';
import { notApplied } from '../fold/not-applied.js';
import { Backoff } from './backoff.js';
import type { EngineContext } from './engine-context.js';
import { eventOf, Insurmountable, isTransient, mayPass } from './failure.js';
import { PartitionLost, type BatchContents, type HeldPartition } from './held-partition.js';
import type { Cut } from './cuts.js';
import { endOf, heldBackOf, firstOfStream, lastOf, watermarksOf, type ReadyBatch } from './ready-batch.js';

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
   * (`PartitionLost`). What fails otherwise is halved until the commit is found that fails; that one is tried `settings.attempts` times, with
   * growing pauses where a pause may help. `Insurmountable` names it then, and what stands before it is written. Also throws `Superseded`.
   */
  async commit(batch: ReadyBatch): Promise<void> {
    const { environment, settings } = this.context;
    const failing = new Backoff(environment, settings.backoffMs, settings.backoffMaxMs);
    const id = environment.uuid();
    let careful = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.asked(() => this.write(id, batch, careful));
      } catch (error) {
        if (error instanceof PartitionLost || error instanceof Superseded) throw error;
        const named = eventOf(error);
        const halves = named === undefined && !careful ? batch.halves() : undefined;
        if (halves !== undefined) {
          await this.commit(halves[0]);
          return this.commit(halves[1]);
        }
        if ((named === undefined && !careful) || (attempt < settings.attempts && mayPass(error))) {
          // Of a pure method nothing is to be expected from waiting; of a store, it is.
          if (named === undefined && mayPass(error)) await this.pause(failing, error);
          careful = true;
          continue;
        }
        const { suspect } = batch.fold;
        throw await this.givenUp(
          batch,
          named === undefined && suspect !== undefined ? notApplied(suspect, error) : error,
        );
      }
    }
  }

  /** Writes a place, and what goes with it, without applying events. Throws `PartitionLost` and `Superseded`. */
  async save({ position, floor }: Omit<Cut, 'count'>, parked?: ParkedChanges): Promise<void> {
    const id = this.context.environment.uuid();
    const contents = { position, ...(floor !== undefined && { floor }), ...(parked && { parked }) };
    const written = await this.asked(() => this.held.write(id, contents, () => Promise.resolve()));
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
    const parked = heldBackOf(batch);
    const contents: BatchContents = {
      position,
      ...(batch.fold.isPlain && { plain: true }),
      ...(floor !== undefined && { floor }),
      ...(last !== undefined && { last }),
      ...(watermarks !== undefined && { watermarks }),
      ...(parked !== undefined && { parked }),
    };
    const memory = this.memory();
    const written = await this.held.write(id, contents, (models) => batch.fold.apply(models, { careful, memory }));
    if (!written) throw new Superseded();
    if (memory !== undefined) batch.fold.remember(memory);
  }

  /** What can be applied before the failing event is not to be held back by it. */
  private async givenUp(batch: ReadyBatch, error: unknown): Promise<Insurmountable> {
    const event = eventOf(error);
    const before = event === undefined ? undefined : batch.before(event);
    if (before !== undefined) await this.commit(before);
    const left = batch.deliveries.slice(before?.deliveries.length ?? 0);
    return new Insurmountable(error, event, event === undefined ? undefined : firstOfStream(left, event));
  }
}
