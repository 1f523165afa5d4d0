import {
  isTransportUnavailable,
  lastVersionOf,
  type Commit,
  type LastSeen,
  type Position,
  type RelayedCommit,
  type RelayMark,
  type StoreTime,
  type TopicDefinition,
  type TransportConnection,
} from '@nestfold/core';
import type { Delivery, Stretch } from '../following/delivery.js';
import { Follower } from '../following/follower.js';
import { beginning, timeOf } from '../following/store-clock.js';
import { storePlace } from '../following/store-place.js';
import { carriedOf } from '../publishing/carried.js';
import { Backoff } from '../running/backoff.js';
import { Superseded } from '../running/batch-committer.js';
import type { EngineContext } from '../running/engine-context.js';
import { PartitionLost, type HeldPartition } from '../running/held-partition.js';
import { assertSameStore } from '../running/same-store.js';
import { epochOf, fillOf, floorOf, isMadeAnew } from './filling.js';
import { heard, untilAborted } from '../running/until-aborted.js';

/** For whom a relay works: who says what becomes of commits, and hears how it goes. */
export interface RelayListener {
  /** A commit as it is to stand in the topic. */
  told(commit: Commit): Commit;
  moved(time: StoreTime | undefined, sent: number): void;
  failed(error: unknown): void;
}

/** Commits that are on their way at once: what is not acknowledged is sent again as a whole. */
const AT_ONCE = 2_000;
/** With so many at a time the relay is behind, and lingers no more. */
const BACKLOG = 100;
/** How long a place may stay unsaved while commits are sent: so much is sent again after a crash. */
const SAVE_MS = 250;
/** Fewer than these in one lease: the rest of a token's digits. */
const RESENDS = 100_000;

/**
 * Sends the commits of a topic's categories to it, as long as this process holds the topic's lease: in the store's order, one batch at a time, and the
 * place is saved only when the broker has acknowledged all before it. So of one stream the topic reads `1 2 3`, or `1 2 1 2 3` after a crash,
 * and never `1 3`. While the broker is away it waits; nothing else does.
 */
export class TopicRelay {
  private saving: Promise<boolean> = Promise.resolve(true);
  private savedAt: number;
  private unsaved: { readonly position: Position; readonly floor: StoreTime | undefined } | undefined;
  private skipped = false;
  private resends = 0;
  private sentAt = 0;
  private last: LastSeen | undefined;
  private epoch = '';

  constructor(
    private readonly context: EngineContext,
    private readonly transport: TransportConnection,
    private readonly topic: TopicDefinition,
    private readonly held: HeldPartition,
    /** Aborts when nothing more is to be sent. */
    private readonly signal: AbortSignal,
    private readonly listener: RelayListener,
  ) {
    this.savedAt = context.environment.now();
  }

  /** Runs until the signal aborts. Throws `PartitionLost`, `StoreRestored`, and what the store throws. */
  async run(): Promise<void> {
    const { connection } = this.context;
    await assertSameStore(connection.feed, this.held.stored);
    this.epoch = await connection.events.epoch();
    const isNew = await untilAborted(isMadeAnew(this.transport, this.topic, this.held.stored), this.signal);
    if (isNew === undefined) return;
    if (isNew) await this.beginAnew();
    const follower = await this.follower();
    try {
      let next = heard(follower.next());
      for (;;) {
        const stretch = await untilAborted(next, this.signal);
        if (stretch === undefined) return;
        const isBacklog = stretch.read >= BACKLOG;
        // While much is sent the next stretch is read.
        if (isBacklog) next = heard(follower.next());
        if (!(await this.relay(stretch))) return;
        if (isBacklog) continue;
        await this.linger();
        next = heard(follower.next());
      }
    } finally {
      await this.saveSent();
      await follower
        .close()
        .catch((error: unknown) =>
          this.context.logger.debug('A follower could not be closed.', { key: this.held.key, error: String(error) }),
        );
    }
  }

  /** The place is stored before anything is sent: whoever goes on has to send under the same name. */
  private async beginAnew(): Promise<void> {
    const { connection, logger } = this.context;
    const { feed } = connection;
    logger.warn('A topic was made anew, and is filled from the beginning: rebuild the projections that have read it.', {
      topic: this.topic.name,
    });
    const position = { ...beginning(await feed.now(), feed.horizonSeconds), fill: this.held.token };
    if (!(await this.held.save(position, undefined))) throw new Superseded();
  }

  private async follower(): Promise<Follower> {
    const { connection, environment, logger } = this.context;
    const { key, stored } = this.held;
    const { feed } = connection;
    return new Follower({
      feed,
      environment,
      logger,
      position: storePlace(stored.position ?? beginning(await feed.now(), feed.horizonSeconds), key),
      floor: floorOf(stored),
      // Nothing is noted of what was sent: who reads the topic drops what comes again.
      watermarks: () => Promise.resolve(new Map()),
      late: 'deliver',
      beforeReentry: () => {
        const last = this.last ?? stored.last;
        return assertSameStore(feed, last ? { last } : {});
      },
    });
  }

  /** Answers false when the signal has aborted: then anything of the stretch may not have been sent. */
  private async relay(stretch: Stretch): Promise<boolean> {
    const { carried, failure } = carriedOf(stretch.deliveries, this.topic, (commit) => this.listener.told(commit));
    for (let begin = 0; begin < carried.length; begin += AT_ONCE) {
      const batch = carried.slice(begin, begin + AT_ONCE);
      this.sentAt = this.context.environment.now();
      if (!(await this.insist(batch))) return false;
      this.sent(batch);
      await this.saveIfDue();
    }
    // What stands before it is out.
    if (failure !== undefined) throw failure;
    this.unsaved = { position: stretch.position, floor: stretch.floor };
    if (this.isDue(stretch) || carried.length > 0) await this.saveIfDue();
    this.listener.moved(timeOf(stretch.position), carried.length);
    return true;
  }

  /** What comes meanwhile leaves together: a request costs the broker and this process about as much with one commit as with twenty. */
  private async linger(): Promise<void> {
    const { environment, settings } = this.context;
    const left = this.sentAt + settings.relayLingerMs - environment.now();
    // No longer than that, also where the clock was set back meanwhile.
    if (left > 0) await environment.sleep(Math.min(left, settings.relayLingerMs), this.signal);
  }

  /** A broker that is away is asked again, with growing pauses, for as long as the lease lasts. */
  private async insist(batch: readonly Delivery[]): Promise<boolean> {
    const { environment, settings } = this.context;
    const backoff = new Backoff(environment, settings.backoffMs, settings.relayBackoffMaxMs);
    while (!this.signal.aborted && this.held.isHeldFor(0)) {
      try {
        return (
          (await untilAborted(
            this.transport.publish(this.topic.name, this.marked(batch)).then(() => true),
            this.signal,
          )) ?? false
        );
      } catch (error) {
        if (!isTransportUnavailable(error)) throw error;
        this.listener.failed(error);
        // What the failed attempt has still on its way may arrive much later, behind what is sent from here on.
        this.resends += 1;
        if (this.resends >= RESENDS)
          throw new PartitionLost(`'${this.held.key}' is given up, to be taken with another token.`);
        await backoff.pause(this.signal);
      }
    }
    return false;
  }

  private marked(batch: readonly Delivery[]): RelayedCommit[] {
    const { token, stored } = this.held;
    const [fill, floor] = [fillOf(stored), floorOf(stored)];
    const mark: RelayMark = {
      epoch: epochOf(this.epoch, fill),
      token: token * RESENDS + this.resends,
      // Of what is stored, not of what was read: from there on all may come again.
      ...(floor !== undefined && { floor }),
    };
    return batch.map(({ commit, after }) => {
      const time = after?.phase === 'live' ? after.feed?.time : undefined;
      return { commit, relay: { ...mark, ...(time !== undefined && { time }) } };
    });
  }

  private sent(batch: readonly Delivery[]): void {
    const { commit } = batch.at(-1)!;
    this.last = { stream: commit.stream, version: lastVersionOf(commit), time: commit.time };
    // Inside one time of history there is no place to go on from.
    const position = batch.findLast(({ after }) => after !== undefined)?.after;
    if (position !== undefined) this.unsaved = { position, floor: undefined };
  }

  /** A quiet place is saved now and then, or the store would forget it; one that moved past commits of others sooner, so that it is known. */
  private isDue({ read, position }: Stretch): boolean {
    const { idleSaveMs, skipSaveMs } = this.context.settings;
    this.skipped ||= read > 0;
    if (position.phase !== this.held.stored.position?.phase) return true;
    return this.age() >= (this.skipped ? Math.min(idleSaveMs, skipSaveMs) : idleSaveMs);
  }

  /** Does not wait for the store, but for the save before. */
  private async saveIfDue(): Promise<void> {
    const { unsaved } = this;
    if (unsaved === undefined) return;
    if (unsaved.position.phase === this.held.stored.position?.phase && this.age() < SAVE_MS) return;
    await this.saved();
    this.savedAt = this.context.environment.now();
    this.unsaved = undefined;
    this.skipped = false;
    this.saving = heard(this.save(unsaved));
  }

  private save({ position, floor }: NonNullable<typeof this.unsaved>): Promise<boolean> {
    const { last } = this;
    const fill = fillOf(this.held.stored);
    const contents = {
      position: fill === undefined ? position : { ...position, fill },
      ...(floor !== undefined && { floor }),
      ...(last !== undefined && { last }),
    };
    return this.held.write(this.context.environment.uuid(), contents, () => Promise.resolve());
  }

  private async saved(): Promise<void> {
    if (!(await this.saving)) throw new Superseded();
  }

  /** What was sent before a failure or a stop need not be sent again. Never throws: a repetition is allowed, hiding an error is not. */
  private async saveSent(): Promise<void> {
    try {
      await this.saved();
      if (this.unsaved !== undefined && this.held.isHeldFor(0)) await this.save(this.unsaved);
    } catch (error) {
      if (error instanceof PartitionLost) return;
      this.context.logger.debug('A place was not saved.', { key: this.held.key, error: String(error) });
    }
  }

  private age(): number {
    return this.context.environment.now() - this.savedAt;
  }
}
