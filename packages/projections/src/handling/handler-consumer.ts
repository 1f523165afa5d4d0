import {
  envelopesOf,
  isEventFromNewerBuild,
  lastVersionOf,
  type EventEnvelope,
  type LastSeen,
  type ParkedChanges,
  type ParkedStream,
  type Position,
  type StoreTime,
  type Watermark,
} from '@nestfold/core';
import type { RegisteredHandler } from '../engine/engine-options.js';
import type { Delivery, Stretch } from '../following/delivery.js';
import { Follower } from '../following/follower.js';
import { isOutOfTime, timeOf } from '../following/store-clock.js';
import { storePlace } from '../following/store-place.js';
import { handlerConsumer } from '../parking/dead-letter.js';
import { PartitionParking } from '../parking/partition-parking.js';
import { Backoff } from '../running/backoff.js';
import { Superseded } from '../running/batch-committer.js';
import type { EngineContext } from '../running/engine-context.js';
import { Insurmountable, isTransient } from '../running/failure.js';
import { PartitionLost, type HeldPartition } from '../running/held-partition.js';
import { assertSameStore } from '../running/same-store.js';
import { untilAborted } from '../running/until-aborted.js';
import { EventDelivery } from './event-delivery.js';
import { HandlerPlaceLost } from './handler-place-lost.error.js';
import { HANDLER_FAILED, HandlerRedrive } from './handler-redrive.js';
import { retryTimeOf } from './retry-time.js';

/** What was handled is saved at the latest after so long: a crash repeats no more than that. */
const SAVE_MS = 250;

/** Who hears how a handler gets on. */
export interface ConsumerListener {
  /** Everything up to that time is handled. */
  moved(time: StoreTime | undefined): void;
  /** An event failed and is tried again. */
  failed(event: EventEnvelope, attempts: number, error: unknown): void;
  /** An event failed for the last time before its stream is held back. */
  parked(parked: ParkedStream): void;
  succeeded(): void;
}

/**
 * Delivers events to one handler while its lease is held: those of a stream in order, each until it succeeds or its stream is parked behind it, and
 * saves how far it got.
 */
export class HandlerConsumer {
  private readonly marks = new Map<string, Watermark>();
  private markedTime: StoreTime = '';
  /** How far what is parked was delivered, by id. */
  private readonly heldBack = new Map<string, number>();
  private savedAt: number;
  private last: LastSeen | undefined;
  /** Handled, but not saved yet. */
  private unsaved: Position | undefined;
  private readonly delivery: EventDelivery;
  private readonly parking: PartitionParking;
  private readonly redrive: HandlerRedrive;

  constructor(
    private readonly context: EngineContext,
    registered: RegisteredHandler,
    private readonly held: HeldPartition,
    private readonly signal: AbortSignal,
    private readonly listener: ConsumerListener,
  ) {
    this.savedAt = context.environment.now();
    this.delivery = new EventDelivery(context, registered, held, signal);
    const { name } = registered.definition;
    this.parking = new PartitionParking(context, {
      consumer: handlerConsumer(name),
      name,
      onPoison: 'park',
      keyOf: () => held.key,
      failedCode: HANDLER_FAILED,
    });
    this.redrive = new HandlerRedrive(context, this.delivery, held, this.parking);
  }

  /** Runs until the signal aborts. Throws `PartitionLost`, `EventFromNewerBuild`, `HandlerPlaceLost`, `StoreRestored`, and what the store throws. */
  async run(): Promise<void> {
    const { connection, environment, logger } = this.context;
    const { key, stored } = this.held;
    if (stored.position === undefined) throw new HandlerPlaceLost(this.delivery.name);
    await assertSameStore(connection.feed, stored);
    await this.parking.load();
    const follower = new Follower({
      feed: connection.feed,
      environment,
      logger,
      types: this.delivery.types,
      position: storePlace(stored.position, key),
      floor: stored.floor,
      watermarks: (streams) => connection.checkpoints.watermarks(key, streams),
      late: 'deliver',
      beforeReentry: () => assertSameStore(connection.feed, this.held.stored),
    });
    try {
      this.listener.moved(timeOf(stored.position));
      for (;;) {
        const stretch = await untilAborted(follower.next(), this.signal);
        if (stretch === undefined) return;
        await this.take(stretch);
      }
    } finally {
      await this.saveHandled();
      await follower
        .close()
        .catch((error: unknown) => logger.debug('A follower could not be closed.', { key, error: String(error) }));
    }
  }

  private async take(stretch: Stretch): Promise<void> {
    for (const delivery of stretch.deliveries) {
      await this.deliver(delivery);
      this.mark(delivery);
      // Once: a place may be put together each time that it is asked for.
      const { after } = delivery;
      if (after === undefined) continue;
      this.unsaved = after;
      if (this.age() >= SAVE_MS) await this.save(after, undefined);
      await this.redriveDue(after);
    }
    if (this.marks.size > 0 || this.heldBack.size > 0 || this.isDue(stretch))
      await this.save(stretch.position, stretch.floor);
    this.listener.moved(timeOf(stretch.position));
    await this.redriveDue(stretch.position);
  }

  /** The events of a commit, up to the one that parks its stream; none of a stream that is parked. */
  private async deliver({ commit }: Delivery): Promise<void> {
    for (const event of envelopesOf(commit)) {
      if (this.parking.of(commit.stream) !== undefined) return;
      if (this.delivery.isWanted(event)) await this.insist(event, commit);
    }
  }

  /** An error never skips: tried with growing pauses, then the stream waits, or, where too many wait, everything. */
  private async insist(event: EventEnvelope, commit: Delivery['commit']): Promise<void> {
    const { environment, settings } = this.context;
    const backoff = new Backoff(environment, settings.backoffMs, settings.handlerBackoffMaxMs);
    let failures = 0;
    for (;;) {
      try {
        await this.delivery.attempt(event, backoff.attempts + 1);
        if (backoff.attempts > 0) this.listener.succeeded();
        return;
      } catch (error) {
        if (error instanceof PartitionLost || isEventFromNewerBuild(error)) throw error;
        this.listener.failed(event, backoff.attempts + 1, error);
        await this.saveHandled();
        // What the framework calls passing says nothing against the event.
        if (!isTransient(error)) failures += 1;
        if (failures >= settings.attempts && (await this.park(event, commit, backoff.attempts + 1, error))) return;
        await backoff.pause(this.signal);
      }
    }
  }

  /** Answers false where so many streams failed lately that the fault is not this event's. */
  private async park(
    event: EventEnvelope,
    commit: Delivery['commit'],
    attempts: number,
    error: unknown,
  ): Promise<boolean> {
    try {
      const record = await this.parking.recordOf(new Insurmountable(error, event.id, commit));
      const before = event.version - 1;
      const parked = { ...record, applied: before, seen: before, attempts };
      await this.save(this.unsaved ?? this.held.stored.position!, undefined, [parked]);
      this.parking.note(parked);
      this.listener.parked(parked);
      return true;
    } catch (failure) {
      if (!(failure instanceof Insurmountable)) throw failure;
      return false;
    }
  }

  /** What was asked of parked streams, and what is due by itself. */
  private async redriveDue(position: Position): Promise<void> {
    const { connection, environment, settings } = this.context;
    const now = environment.now();
    if (!this.parking.isDue()) return;
    const due = this.parking.all.filter((one) => now >= retryTimeOf(one, settings)).map(({ id }) => id);
    const asked = await connection.parked.requested(this.held.key);
    const ids = new Set([...asked.map(({ id }) => id), ...due]);
    if (ids.size === 0) return;
    await this.save(position, undefined);
    for (const id of ids) {
      const parked = await connection.parked.get(id);
      if (parked !== undefined) await this.redrive.execute(parked);
    }
  }

  private mark({ commit, after }: Delivery): void {
    const version = lastVersionOf(commit);
    this.last = { stream: commit.stream, version, time: commit.time };
    const parked = this.parking.of(commit.stream);
    if (parked !== undefined) this.heldBack.set(parked.id, version);
    if (after?.phase !== 'live') return;
    this.marks.set(commit.stream, { stream: commit.stream, seen: version, applied: parked?.applied ?? version });
    // The feed's time only rises, so that of two batches the later one is the latest.
    this.markedTime = after.feed !== undefined && after.feed.time > commit.time ? after.feed.time : commit.time;
  }

  private isDue({ position, read, deliveries }: Stretch): boolean {
    const { idleSaveMs, skipSaveMs } = this.context.settings;
    const before = this.held.stored.position;
    if (deliveries.length > 0 || position.phase !== before?.phase || isOutOfTime(before, position)) return true;
    return this.age() >= (read > 0 ? skipSaveMs : idleSaveMs);
  }

  /** What was handled before a failure or a stop is not to be repeated. Never throws: a repetition is allowed, hiding an error is not. */
  private async saveHandled(): Promise<void> {
    if (this.unsaved === undefined || !this.held.isHeldFor(0)) return;
    const { logger } = this.context;
    await this.save(this.unsaved, undefined).catch((error: unknown) =>
      logger.debug('A place was not saved.', { key: this.held.key, error: String(error) }),
    );
  }

  private async save(
    position: Stretch['position'],
    floor: StoreTime | undefined,
    park: ParkedChanges['park'] = [],
  ): Promise<void> {
    const rows = [...this.marks.values()];
    const seen = [...this.heldBack].map(([id, version]) => ({ id, seen: version }));
    const contents = {
      position,
      ...(floor !== undefined && { floor }),
      ...(this.last && { last: this.last }),
      ...(rows.length > 0 && { watermarks: { time: this.markedTime, rows } }),
      ...(seen.length + park.length > 0 && { parked: { park, seen } }),
    };
    const written = await this.held.write(this.context.environment.uuid(), contents, () => Promise.resolve());
    if (!written) throw new Superseded();
    this.unsaved = undefined;
    this.marks.clear();
    this.markedTime = '';
    this.heldBack.clear();
    this.savedAt = this.context.environment.now();
  }

  private age(): number {
    return this.context.environment.now() - this.savedAt;
  }
}
