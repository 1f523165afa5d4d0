import { TransportUnavailable } from '@nestfold/core';
import type { RequestTimeoutEvent } from 'kafkajs';

/**
 * That a broker has left a request unanswered for as long as the client waits (`requestTimeout`, 30 s by default). The connection may be dead for good,
 * with nobody told; the client asks again on the same one, for minutes. Who hears of it had better begin anew.
 */
export function unanswered({ payload: { apiName, broker } }: RequestTimeoutEvent): TransportUnavailable {
  return new TransportUnavailable(`The broker ${broker} leaves a request unanswered: ${apiName}.`);
}

/** What is asked of one client: all of it fails as soon as one request is left unanswered. */
export class Answers {
  private readonly waiting = new Set<(error: Error) => void>();

  silent(event: RequestTimeoutEvent): void {
    for (const reject of this.waiting) reject(unanswered(event));
  }

  /** Throws what the work throws, or `TransportUnavailable`: then it may be done yet. */
  async to<R>(work: Promise<R>): Promise<R> {
    let stop: (error: Error) => void = () => undefined;
    const silence = new Promise<never>((_resolve, reject) => (stop = reject));
    this.waiting.add(stop);
    try {
      return await Promise.race([work, silence]);
    } finally {
      this.waiting.delete(stop);
    }
  }
}
