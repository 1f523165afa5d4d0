import { Injectable } from '@nestjs/common';
import { currentContext, type Environment } from '@nestfold/core';
import { ShuttingDown } from './bus-errors.js';

/** Counts the messages in flight, and takes no more once it is shut. */
@Injectable()
export class MessageGate {
  private inFlight = 0;
  private shut = false;
  private readonly waiting = new Set<() => void>();

  /** Runs the handling of a message. Throws `ShuttingDown` when shut, save for what a message in flight needs to end. */
  async pass<R>(handling: () => Promise<R>): Promise<R> {
    if (this.shut && currentContext() === undefined) throw new ShuttingDown();
    this.inFlight += 1;
    try {
      return await handling();
    } finally {
      this.inFlight -= 1;
      if (this.inFlight === 0) for (const tell of this.waiting) tell();
    }
  }

  /** Takes no more; answers how many messages are still in flight when none is left or the time is over. */
  async drain(withinMs: number, environment: Environment): Promise<number> {
    this.shut = true;
    if (this.inFlight === 0) return 0;
    const ended = new AbortController();
    const tell = (): void => ended.abort();
    this.waiting.add(tell);
    await environment.sleep(withinMs, ended.signal);
    this.waiting.delete(tell);
    return this.inFlight;
  }
}
