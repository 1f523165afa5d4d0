import { envelopesOf, type EventEnvelope, type ParkedStream } from '@nestfold/core';
import { failedAgain, parkedErrorOf } from '../parking/parked-record.js';
import type { PartitionParking } from '../parking/partition-parking.js';
import { Superseded } from '../running/batch-committer.js';
import type { EngineContext } from '../running/engine-context.js';
import { isTransient } from '../running/failure.js';
import { PartitionLost, type BatchContents, type HeldPartition } from '../running/held-partition.js';
import type { EventDelivery } from './event-delivery.js';

/** The code of what a handler threw, where the framework knows none. */
export const HANDLER_FAILED = 'events-handler.failed';

const AT_ONCE = 100;

/**
 * Delivers what waits in a parked stream to its handler, in order, each event once more; where one fails, it and the rest wait on. Between two
 * deliveries of the handler only, so that no event overtakes.
 */
export class HandlerRedrive {
  constructor(
    private readonly context: EngineContext,
    private readonly delivery: EventDelivery,
    private readonly held: HeldPartition,
    private readonly parking: PartitionParking,
  ) {}

  /** Throws `PartitionLost`, `Superseded`, and what the store throws. */
  async execute(requested: ParkedStream): Promise<void> {
    let parked = requested;
    const discarded = parked.request?.kind === 'discard' ? parked.request.event : undefined;
    for (const event of await this.next(parked)) {
      if (event.id !== discarded) {
        try {
          await this.delivery.attempt(event, event.id === requested.error.event ? requested.attempts + 1 : 1);
        } catch (error) {
          if (error instanceof PartitionLost) throw error;
          return this.failed(parked, event, error);
        }
      }
      parked = { ...parked, applied: event.version };
      await this.save(parked);
    }
    // More than could be read at once: the rest follows by itself, since the request still stands.
    const rest = (await this.next(parked)).length > 0;
    if (rest) return this.execute(parked);
    await this.free(parked);
  }

  private async next({ stream, applied, seen }: ParkedStream): Promise<readonly EventEnvelope[]> {
    const { events } = this.context.connection;
    let from = applied + 1;
    while (from <= seen) {
      const { commits } = await events.read(stream, { fromVersion: from, toVersion: seen, limit: AT_ONCE });
      const last = commits.at(-1);
      if (last === undefined) return [];
      const found = commits
        .flatMap(envelopesOf)
        .filter((event) => event.version > applied && this.delivery.isWanted(event));
      if (found.length > 0) return found;
      from = last.firstVersion + last.events.length;
    }
    return [];
  }

  private save({ request: _request, ...parked }: ParkedStream): Promise<void> {
    return this.write({ position: this.held.stored.position!, parked: { park: [parked] } });
  }

  private async free({ id, stream, seen, consumer }: ParkedStream): Promise<void> {
    const position = this.held.stored.position!;
    const time = position.phase === 'live' ? position.feed?.time : undefined;
    await this.write({
      position,
      parked: { unpark: [id] },
      ...(time !== undefined && { watermarks: { time, rows: [{ stream, seen, applied: seen }] } }),
    });
    this.parking.forget({ stream });
    this.context.logger.info('A parked stream is free again.', { consumer, stream });
  }

  private async failed(parked: ParkedStream, event: EventEnvelope, cause: unknown): Promise<void> {
    const error = parkedErrorOf(cause, event.id, event.type, HANDLER_FAILED);
    const { by } = parked.request ?? {};
    const at = new Date(this.context.environment.now());
    const failed = failedAgain(parked, parked.applied, { at, error, ...(by !== undefined && { by }) });
    // What passes by its nature says nothing against the event: it comes again by itself, however often that happens.
    const again = isTransient(cause) ? { ...failed, attempts: Math.max(1, failed.attempts - 1) } : failed;
    const { answered: _answered, ...noted } = again;
    await this.write({ position: this.held.stored.position!, parked: { park: [again] } });
    this.parking.note(noted);
  }

  private async write(contents: BatchContents): Promise<void> {
    if (!(await this.held.write(this.context.environment.uuid(), contents, () => Promise.resolve())))
      throw new Superseded();
  }
}
