import { isTransportUnavailable, type StoreTime } from '@nestfold/core';
import type { EngineContext } from './engine-context.js';
import { isTransient } from './failure.js';
import { RateMeter } from './rate-meter.js';

/** What a runner is doing: `waiting` while another process feeds the generation. */
export type RunnerState = 'waiting' | 'feeding' | 'stopped' | 'newer-build';

/** What one thing keeps failing with, and since when. */
export interface Trouble {
  readonly error: string;
  readonly since: number;
}

/** How a runner gets on, as statuses, readiness and those who wait for it see it. */
export class RunnerView {
  private readonly meter: RateMeter;
  private current: RunnerState = 'waiting';
  private reached: StoreTime | undefined;
  private failing: Trouble | undefined;
  private movedAt: number;
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
      this.failing ?? (this.current === 'feeding' ? { error: 'a batch does not end', since: this.movedAt } : undefined)
    );
  }

  become(state: RunnerState): void {
    this.current = state;
  }

  isBehind(messages: number): void {
    this.left = messages;
  }

  count(events: number): void {
    this.meter.add(events);
  }

  moved(time: StoreTime | undefined): void {
    this.current = 'feeding';
    this.reached = time;
    this.failing = undefined;
    this.movedAt = this.context.environment.now();
  }

  retry(generation: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.failing ??= { error: message, since: this.context.environment.now() };
    this.context.logger.warn(waitingFor(error), { generation, error: message });
  }
}

function waitingFor(error: unknown): string {
  if (isTransportUnavailable(error)) return 'A projection waits for its topic.';
  return isTransient(error) ? 'A projection waits for the store.' : 'A projection tries again.';
}
