import type { EngineSettings } from '@nestfold/projections';
import type { ProjectionName } from './projections.js';
import type { RolledVersion } from './rolled.js';

/** One addition, by whoever asked for it. `ref` is its idempotency key. */
export interface Addition {
  readonly ref: string;
  readonly tallyId: string;
  readonly by: number;
  /** How many events it is made of, `by` each; default 1. */
  readonly parts?: number;
}

/** What its events are called, in order. */
export function refsOf({ ref, parts = 1 }: Pick<Addition, 'ref' | 'parts'>): string[] {
  return parts === 1 ? [ref] : Array.from({ length: parts }, (_, part) => `${ref}/${part}`);
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
  /** How many of them read whole tallies meanwhile; default none. */
  readonly readers?: number;
  /** Events of an addition, at most; default 1. */
  readonly parts?: number;
  /** A pause after each addition of a caller, in milliseconds; default none. */
  readonly pauseMs?: number;
  /** Default: `tallies`; an empty list for a worker that only appends. */
  readonly projections?: readonly ProjectionName[];
  /** Says that it is ready only when its engine is, and from then on reads what it projects and says what is wrong with it; a version of `rolled`. */
  readonly answers?: RolledVersion;
  /** Whether the cursed projection can apply what it could not. */
  readonly healed?: boolean;
  /** Additions of unknown outcome from an earlier life, to be repeated first under the same keys. */
  readonly repeat?: readonly Addition[];
  readonly horizonSeconds?: number;
  readonly settings?: Partial<EngineSettings>;
}

/** What a worker says, a line each. A line is written in one piece before the worker goes on: a killed one has said it or not. */
export type WorkerReport =
  | { readonly kind: 'ready' }
  /** `at`: by `clock()`, before it is sent. */
  | ({ readonly kind: 'asked'; readonly at?: number } & Addition)
  | {
      readonly kind: 'acknowledged';
      readonly ref: string;
      readonly tallyId: string;
      readonly version: number;
      readonly repeated: boolean;
      readonly at?: number;
    }
  | {
      readonly kind: 'refused';
      readonly ref: string;
      readonly code: string;
      readonly message: string;
      /** Whether asking again may help. */
      readonly retry: string;
      readonly at?: number;
    }
  /** A read of a whole tally. */
  | {
      readonly kind: 'read';
      readonly tallyId: string;
      readonly length: number;
      readonly from: number;
      readonly to: number;
    }
  /** A warning or an error of its log. */
  | { readonly kind: 'logged'; readonly message: string }
  | { readonly kind: 'measured'; readonly rssMb: number }
  /** How many answers of a read model it looked at so far. */
  | { readonly kind: 'answered'; readonly count: number }
  /** An answer that no reader may get. */
  | { readonly kind: 'wrong'; readonly message: string }
  | { readonly kind: 'settled' }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * What a worker is told: `quiet` ends the additions and waits until all is projected; `leave` ends it in order, as a deploy does; the end of its input
 * ends it at once.
 */
export type WorkerWord = 'quiet' | 'leave';
