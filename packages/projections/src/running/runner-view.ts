import { isTransportUnavailable, type StoreTime } from '@nestfold/core';
import type { EngineContext } from './engine-context.js';
import { describe, isTransient } from './failure.js';
import { RateMeter } from './rate-meter.js';

/** What a runner is doing: `waiting` while another process feeds the generation. */
export type RunnerState = 'waiting' | 'feeding' | 'stopped' | 'newer-build';

/** What one thing keeps failing with, and since when. */
export interface Trouble {
  readonly code: string;
  readonly error: string;
  readonly since: number;
}

/** Whether it is that a topic cannot be read: over once anything is read of it, also nothing new. */
export function isTopicAway({ code }: Trouble): boolean {
  return code === 'transport.unavailable';
}

/** What has gone on for so long without failing is well again, though nothing came that it could have failed at. */
const CALM_MS = 1_000;

/** How a runner gets on, as statuses, readiness and those who wait for it see it. */
export class RunnerView {
  private readonly meter: RateMeter;
  private current: RunnerState = 'waiting';
  private reached: StoreTime | undefined;
  private failing: Trouble | undefined;
  private movedAt: number;
  private begunAt = 0;
  private left: number | undefined;

  constructor(private readonly context: EngineContext) {
    this.meter = new RateMeter(context.environment);
    this.movedAt = context.environment.now();
  }

  get state(): RunnerState {
    return this.current;
  }

  /** Up to where everything is applied, while this process feeds the generation. */
  get time(): StoreTime | undefined {
    return this.current === 'feeding' ? this.reached : undefined;
  }

  /** Messages of a topic that were still to be read when it was last looked at; `undefined` where it does not read one, or has not yet. */
  get behind(): number | undefined {
    return this.current === 'feeding' ? this.left : undefined;
  }

  /** Events a second. */
  get rate(): number {
    return this.meter.rate;
  }

  /** What is being tried again. */
  get retrying(): Trouble | undefined {
    return this.failing;
  }

  /** What keeps it from moving; to be judged by its age, since a healthy follower moves several times a second, quiet or not. */
  get trouble(): Trouble | undefined {
    return (
      this.failing ??
      (this.current === 'feeding'
        ? { code: 'projection.stuck', error: 'a batch does not end', since: this.movedAt }
        : undefined)
    );
  }

  become(state: RunnerState): void {
    this.current = state;
    // What it waits for is another build: it got to where that is needed.
    if (state === 'newer-build') this.failing = undefined;
  }

  /** Begins from a place, which is no sign yet that it gets on. */
  begin(time: StoreTime | undefined): void {
    this.current = 'feeding';
    this.reached = time;
    this.movedAt = this.begunAt = this.context.environment.now();
  }

  /** What failed here is no trouble of this process any more: another one feeds it. */
  leave(): void {
    this.failing = undefined;
  }

  isBehind(messages: number): void {
    this.left = messages;
  }

  count(events: number): void {
    this.meter.add(events);
  }

  /** Gets on; what failed before is over where a batch was applied, while what came without one may stand before that. */
  moved(time: StoreTime | undefined, isApplied: boolean): void {
    this.current = 'feeding';
    this.reached = time;
    this.movedAt = this.context.environment.now();
    const isRead = this.failing !== undefined && isTopicAway(this.failing);
    if (isApplied || isRead || this.movedAt - this.begunAt >= CALM_MS) this.failing = undefined;
  }

  retry(generation: string, error: unknown): void {
    const { code, message } = describe(error);
    this.failing = { code, error: message, since: this.failing?.since ?? this.context.environment.now() };
    this.context.logger.warn(waitingFor(error), { generation, error: message });
  }
}

function waitingFor(error: unknown): string {
  if (isTransportUnavailable(error)) return 'A projection waits for its topic.';
  return isTransient(error) ? 'A projection waits for the store.' : 'A projection tries again.';
}
