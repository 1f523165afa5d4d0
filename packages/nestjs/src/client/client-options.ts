/** Where commands go, and how patiently. */
export interface CommandClientOptions {
  /** What stands before the paths of commands: `https://shop.example/api`. */
  readonly url: string;
  /** Sent with each attempt; a function is asked anew, for tokens that expire. */
  readonly headers?:
    | Readonly<Record<string, string>>
    | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);
  /** How often a command is sent at most. Default 6. */
  readonly attempts?: number;
  /** How long one attempt may take beside its waiting, in milliseconds. Default 10,000. */
  readonly attemptMs?: number;
  /** The first pause between two attempts, and the longest; they double, half of each is chance, and a `Retry-After` that is longer counts. Defaults 100 and 5,000. */
  readonly pauseMs?: number;
  readonly longestPauseMs?: number;
  /** Defaults to the platform's own. */
  readonly fetch?: typeof fetch;
}

/** What may be said with one command. */
export interface SendOptions {
  /** The command's own key: sent again with it, also by a later call, the command takes effect once. A fresh one by default. */
  readonly key?: string;
  /** The version that was seen (`If-Match`). */
  readonly ifMatch?: number;
  /** Projections that are to have applied it before the answer. */
  readonly waitFor?: string | readonly string[];
  /** The longest wait, in milliseconds; the server's default is 2,000. */
  readonly waitForMs?: number;
  /** Ends the sending; what was sent may take effect all the same. */
  readonly signal?: AbortSignal;
}

/** What a command is answered with. */
export interface CommandAnswer {
  readonly id: string;
  readonly version: number;
  /** Whether what `waitFor` named has applied it. */
  readonly applied?: boolean;
  readonly reason?: 'timeout' | 'parked' | 'stopped' | 'paused' | 'unknown';
}

/** Why it was refused, as `application/problem+json` says. */
export interface CommandProblem {
  readonly status: number;
  /** Stable: what to decide by. */
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly details?: Readonly<Record<string, unknown>>;
  /** Seconds. */
  readonly retryAfter?: number;
  readonly correlationId?: string;
}
