import { AsyncLocalStorage } from 'node:async_hooks';
import type { Actor } from '@nestfold/core';

/** What a request brings for the messages that are executed while it is served. */
export interface RequestDescription {
  /** The caller's `Idempotency-Key`. */
  readonly key?: string;
  /** The version in the caller's `If-Match`. */
  readonly expectedVersion?: number;
  readonly correlationId: string;
  readonly traceparent?: string;
  readonly actor?: Actor;
  readonly tenant?: string;
}

/** A request being served. Key and version are handed out in the order in which messages are executed. */
export class RequestScope {
  private readonly executed = new Map<string, number>();
  private versionTaken = false;

  constructor(readonly request: RequestDescription) {}

  /** The key of the request's next command of a type: each further one gets a key of its own, or it would be taken for a repetition. */
  takeKey(type: string): string | undefined {
    const { key } = this.request;
    if (key === undefined) return undefined;
    const before = this.executed.get(type) ?? 0;
    this.executed.set(type, before + 1);
    // A line break cannot stand in a header, so no caller's own key looks like this.
    return before === 0 ? key : `${key}\n${before}`;
  }

  /** The stated version, for the request's first command only: it speaks of one stream. */
  takeExpectedVersion(): number | undefined {
    if (this.versionTaken) return undefined;
    this.versionTaken = true;
    return this.request.expectedVersion;
  }
}

const storage = new AsyncLocalStorage<RequestScope>();

/** The request being served here; `undefined` outside of one. */
export function currentRequestScope(): RequestScope | undefined {
  return storage.getStore();
}

/** Calls `run` within a request. */
export function runInRequest<R>(scope: RequestScope, run: () => R): R {
  return storage.run(scope, run);
}
