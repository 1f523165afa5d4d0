/** One addition, by whoever asked for it. `ref` is its idempotency key. */
export interface Addition {
  readonly ref: string;
  readonly tallyId: string;
  readonly by: number;
}

/** What a worker is started with. */
export interface WorkerOrders {
  readonly uri: string;
  readonly database: string;
  /** Names its connections to the server, so that fail points meet it alone. */
  readonly appName: string;
  readonly leaseMs: number;
  /** How many additions are under way at once; 0 for a worker that only projects. */
  readonly callers: number;
  readonly tallies: number;
  /** Additions of unknown outcome from an earlier life, to be repeated first under the same keys. */
  readonly repeat?: readonly Addition[];
  readonly horizonSeconds?: number;
  /** Small, to have many batches. */
  readonly historyEvents?: number;
  readonly liveEvents?: number;
}

/** What a worker says, a line each. A line is written in one piece before the worker goes on: a killed one has said it or not. */
export type WorkerReport =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'asked' } & Addition)
  | {
      readonly kind: 'acknowledged';
      readonly ref: string;
      readonly tallyId: string;
      readonly version: number;
      readonly repeated: boolean;
    }
  | { readonly kind: 'refused'; readonly ref: string; readonly code: string; readonly message: string }
  | { readonly kind: 'settled' }
  | { readonly kind: 'failed'; readonly message: string };

/** What a worker is told: `quiet` ends the additions and waits until all is projected; the end of its input ends it. */
export type WorkerWord = 'quiet';
