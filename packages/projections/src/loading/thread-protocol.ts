import { isNestfoldError, type Generation, type RetryAdvice, type WorkerConnection } from '@nestfold/core';
import type { EngineSettings } from '../engine/engine-settings.js';
import type { LoadPace } from './load-control.js';
import { ThreadError } from './load-thread.errors.js';
import type { RangeOutcome } from './range-loader.js';

/** With what a worker thread begins. */
export interface ThreadOrders {
  readonly connection: WorkerConnection;
  /** The module that exports the projection's class, and how that is recognised. */
  readonly module: string;
  readonly projection: string;
  readonly version: number;
  readonly generation: Generation;
  /** Under which name it takes leases: another thread may take them over under the same name, when this one has died. */
  readonly owner: string;
  readonly settings: EngineSettings;
}

/** What a worker thread is told. */
export type ThreadWord =
  | { readonly kind: 'load'; readonly range: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'pace'; readonly pace: LoadPace }
  | { readonly kind: 'close' };

/** What a worker thread says. */
export type ThreadReport =
  | { readonly kind: 'unfit'; readonly error: ThreadFailure }
  | { readonly kind: 'batch'; readonly range: number; readonly commits: number; readonly events: number }
  | { readonly kind: 'retry'; readonly error: ThreadFailure }
  | {
      readonly kind: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly details?: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'outcome'; readonly outcome: RangeOutcome }
  | { readonly kind: 'failed'; readonly error: ThreadFailure };

/** An error on its way between threads. */
export interface ThreadFailure {
  readonly code: string;
  readonly retry: RetryAdvice;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What of an error passes between threads. */
export function failureFrom(error: unknown): ThreadFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (!isNestfoldError(error)) return { code: 'projection.failed', retry: 'never', message, details: {} };
  return { code: error.code, retry: error.retry, message, details: plain(error.details) };
}

/** The error on the other side. */
export function errorOf({ code, retry, message, details }: ThreadFailure): ThreadError {
  return new ThreadError(code, retry, message, details);
}

/** Details are plain by their contract; what is not, is not worth losing the error for. */
function plain(details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(details)) as Readonly<Record<string, unknown>>;
}
