import { StoreUnavailable } from '@nestfold/core';
import type { VirtualClock } from './virtual-clock.js';

/** A transaction that is open in a session, as the server knows it. */
export interface OpenTransaction {
  /** Fails when the server has ended the transaction; never ends otherwise. */
  readonly ended: Promise<never>;
  close(): void;
}

/** The transactions that are open in the simulated server: it ends those that last too long, and those whose session is killed. */
export class OpenTransactions {
  private readonly open = new Map<string, Set<{ readonly session: string; end: (why: string) => void }>>();

  constructor(
    private readonly clock: VirtualClock,
    /** The server's `transactionLifetimeLimitSeconds`, in milliseconds. */
    private readonly lifetimeMs: number,
  ) {}

  begin(key: string, session: string): OpenTransaction {
    let end: (why: string) => void = () => undefined;
    const ended = new Promise<never>((_, reject) => {
      end = (why) => reject(new StoreUnavailable(`Simulated: the transaction was ended: ${why}.`));
    });
    ended.catch(() => undefined);
    const transaction = { session, end };
    const ofKey = this.open.get(key) ?? new Set();
    this.open.set(key, ofKey.add(transaction));
    const cancel = this.clock.after(this.lifetimeMs, () => end('it lasted too long'));
    return {
      ended,
      close: () => {
        cancel();
        ofKey.delete(transaction);
      },
    };
  }

  /** Ends what is open under a key in any other session. */
  endOthers(key: string, session: string | undefined): void {
    for (const transaction of this.open.get(key) ?? [])
      if (transaction.session !== session) transaction.end('its session was killed');
  }
}
