import { StoreUnavailable, type Environment } from '@nestfold/core';
import type { Chance } from './chance.js';
import type { Build } from './scenario.js';
import type { VirtualClock } from './virtual-clock.js';

/** `paused` is a process that was stopped and will go on: what it believes grows old meanwhile. */
export type ProcessState = 'running' | 'paused' | 'dead';

/** A process of a simulation: code that runs only while the process does. */
export class SimulatedProcess {
  readonly environment: Environment;
  private current: ProcessState = 'running';
  private waiting: (() => unknown)[] = [];
  private unanswered: ((reason: Error) => void)[] = [];
  /** A call of it will never be answered: only its end helps. */
  isHung = false;

  constructor(
    readonly name: string,
    private readonly clock: VirtualClock,
    chance: Chance,
    /** How far its own clock is off, in milliseconds. */
    skewMs: number,
    /** What it has compiled; missing for those that run no engine. */
    readonly build?: Build,
  ) {
    this.environment = {
      now: () => Math.floor(clock.now() + skewMs),
      random: () => chance.number(),
      uuid: () => chance.uuid(),
      sleep: (milliseconds, signal) => this.sleep(milliseconds, signal),
      every: (milliseconds, task) => this.every(milliseconds, task),
    };
  }

  get state(): ProcessState {
    return this.current;
  }

  get isDead(): boolean {
    return this.current === 'dead';
  }

  /** As kill -9: nothing of it runs any more. */
  kill(): void {
    this.current = 'dead';
    this.waiting = [];
  }

  pause(): void {
    if (this.current === 'running') this.current = 'paused';
  }

  /** All that became due meanwhile happens now, in any order. */
  resume(): void {
    if (this.current !== 'paused') return;
    this.current = 'running';
    const due = this.waiting;
    this.waiting = [];
    for (const task of due) this.clock.after(0, () => this.whenRunning(task));
  }

  /** Lets its code run again, dead or not: so that it can end, and what it holds be forgotten. */
  dispose(): void {
    this.current = 'running';
    this.waiting = [];
    for (const end of this.unanswered) end(new StoreUnavailable('Simulated: the simulation is over.'));
    this.unanswered = [];
  }

  /** What is not answered while the simulation lasts. */
  never(): Promise<never> {
    const unanswered = new Promise<never>((_, reject) => this.unanswered.push(reject));
    unanswered.catch(() => undefined);
    return unanswered;
  }

  /** Calls a task at once, or when the process goes on; never when it is dead. */
  whenRunning(task: () => unknown): void {
    if (this.current === 'running') task();
    else if (this.current === 'paused') this.waiting.push(task);
  }

  /** Ends when the process runs. */
  async gate(): Promise<void> {
    if (this.current !== 'running') await new Promise<void>((resolve) => this.whenRunning(resolve));
  }

  private sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = (): void => {
        cancel();
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.clock.after(milliseconds, () => this.whenRunning(end));
      signal?.addEventListener('abort', end, { once: true });
    });
  }

  private every(milliseconds: number, task: () => void): () => void {
    let isOver = false;
    let cancel = (): void => {};
    const again = (): void => {
      cancel = this.clock.after(milliseconds, () =>
        this.whenRunning(() => {
          if (isOver) return;
          again();
          task();
        }),
      );
    };
    again();
    return () => {
      isOver = true;
      cancel();
    };
  }
}
