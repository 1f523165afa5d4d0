import {
  EventFromNewerBuild,
  lastVersionOf,
  envelopesOf,
  type EventEnvelope,
  type Position,
  type StoreTime,
  type Watermark,
} from '@nestfold/core';
import type { RegisteredHandler } from '../engine/engine-options.js';
import { copyOf } from '../fold/storable.js';
import type { Delivery, Stretch } from '../following/delivery.js';
import { Follower } from '../following/follower.js';
import { timeOf } from '../following/store-clock.js';
import { Backoff } from '../running/backoff.js';
import type { EngineContext } from '../running/engine-context.js';
import { PartitionLost, type HeldPartition } from '../running/held-partition.js';
import { Superseded } from '../running/batch-committer.js';
import { untilAborted } from '../running/until-aborted.js';
import { callHandler } from './call-handler.js';

/** What was handled is saved at the latest after so long: a crash repeats no more than that. */
const SAVE_MS = 250;

/** Who hears how a handler gets on. */
export interface ConsumerListener {
  /** Everything up to that time is handled. */
  moved(time: StoreTime | undefined): void;
  /** An event failed and is tried again. */
  failed(event: EventEnvelope, attempts: number, error: unknown): void;
  succeeded(): void;
}

/** Delivers events to one handler while its lease is held: in order, each until it succeeds, and saves how far it got. */
export class HandlerConsumer {
  private readonly marks = new Map<string, Watermark>();
  private markedTime: StoreTime = '';
  private savedAt: number;
  /** Handled, but not saved yet. */
  private unsaved: Position | undefined;
  private readonly wanted: ReadonlySet<string>;

  constructor(
    private readonly context: EngineContext,
    private readonly registered: RegisteredHandler,
    private readonly held: HeldPartition,
    private readonly signal: AbortSignal,
    private readonly listener: ConsumerListener,
  ) {
    this.savedAt = context.environment.now();
    this.wanted = new Set(registered.definition.events.map(({ name }) => name));
  }

  /** Runs until the signal aborts. Throws `PartitionLost`, `EventFromNewerBuild`, and what the store throws. */
  async run(): Promise<void> {
    const { connection, environment, logger } = this.context;
    const { key, stored } = this.held;
    if (stored.position === undefined) return;
    const follower = new Follower({
      feed: connection.feed,
      environment,
      logger,
      types: [...this.wanted],
      position: stored.position,
      floor: stored.floor,
      watermarks: (streams) => connection.checkpoints.watermarks(key, streams),
      late: 'deliver',
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
      for (const event of envelopesOf(delivery.commit))
        if (this.wanted.has(event.type)) await this.deliver(event, delivery);
      this.mark(delivery);
      this.unsaved = delivery.after ?? this.unsaved;
      if (delivery.after !== undefined && this.age() >= SAVE_MS) await this.save(delivery.after, undefined);
    }
    if (this.marks.size > 0 || this.isDue(stretch)) await this.save(stretch.position, stretch.floor);
    this.listener.moved(timeOf(stretch.position));
  }

  /** An error never skips: the handler stays on the event, with growing pauses. */
  private async deliver(event: EventEnvelope, { commit }: Delivery): Promise<void> {
    const { environment, settings, types } = this.context;
    const { definition, instance } = this.registered;
    if (types.judge(event.type, event.schema) === 'newer')
      throw new EventFromNewerBuild(commit.stream, event.type, event.schema);
    const backoff = new Backoff(environment, settings.backoffMs, settings.handlerBackoffMaxMs);
    for (;;) {
      // No fence holds back a side effect: an owner that is not sure any more does nothing.
      if (this.signal.aborted || !this.held.isHeldFor(0))
        throw new PartitionLost(`'${this.held.key}' is being given up.`);
      try {
        // A copy: upcasters and handlers may change it, and others follow the same feed.
        const revived = types.revive({ ...event, data: copyOf(event.data) }, event.id);
        await callHandler(this.context, {
          name: definition.name,
          instance,
          event,
          revived,
          attempt: backoff.attempts + 1,
        });
        if (backoff.attempts > 0) this.listener.succeeded();
        return;
      } catch (error) {
        this.listener.failed(event, backoff.attempts + 1, error);
        await this.saveHandled();
        await backoff.pause(this.signal);
      }
    }
  }

  private mark({ commit, after }: Delivery): void {
    if (after?.phase !== 'live') return;
    const version = lastVersionOf(commit);
    this.marks.set(commit.stream, { stream: commit.stream, seen: version, applied: version });
    // The feed's time only rises, so that of two batches the later one is the latest.
    this.markedTime = after.feed !== undefined && after.feed.time > commit.time ? after.feed.time : commit.time;
  }

  private isDue({ position, read, deliveries }: Stretch): boolean {
    const { idleSaveMs, skipSaveMs } = this.context.settings;
    if (deliveries.length > 0 || position.phase !== this.held.stored.position?.phase) return true;
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

  private async save(position: Stretch['position'], floor: StoreTime | undefined): Promise<void> {
    const rows = [...this.marks.values()];
    const contents = {
      position,
      ...(floor !== undefined && { floor }),
      ...(rows.length > 0 && { watermarks: { time: this.markedTime, rows } }),
    };
    const written = await this.held.write(this.context.environment.uuid(), contents, () => Promise.resolve());
    if (!written) throw new Superseded();
    this.unsaved = undefined;
    this.marks.clear();
    this.markedTime = '';
    this.savedAt = this.context.environment.now();
  }

  private age(): number {
    return this.context.environment.now() - this.savedAt;
  }
}
