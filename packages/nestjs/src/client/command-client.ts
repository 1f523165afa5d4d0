import type { CommandAnswer, CommandClientOptions, CommandProblem, SendOptions } from './client-options.js';
import { CommandFailed } from './command-failed.js';

const DEFAULTS = { attempts: 6, attemptMs: 10_000, pauseMs: 100, longestPauseMs: 5_000 };
/** How long the server waits where it is not told. */
const WAIT_MS = 2_000;
/** The longest that a timer can be set for: one that is set for longer ends at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Busy, overloaded, or gone on the way: sent again with its key, the command takes effect once. */
const AGAIN: readonly number[] = [429, 502, 503, 504];

/**
 * Sends commands to an application that has `NestfoldHttpModule`: each with an `Idempotency-Key`, again where that is promised to be right (no answer,
 * 429, 502, 503, 504, and a lost race: 409 `stream.conflict` of a command that states no version and begins nothing).
 *
 * @example `await client.send('POST', '/orders/42/place', {}, { waitFor: 'orders-read' })`
 * @publicApi
 */
export class CommandClient {
  constructor(private readonly options: CommandClientOptions) {}

  /** Sends one command. Throws `CommandFailed` for a refusal and after the last attempt, and the signal's reason. */
  async send<R extends object = CommandAnswer>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    options: SendOptions = {},
  ): Promise<R> {
    const { attempts, pauseMs, longestPauseMs } = { ...DEFAULTS, ...this.options };
    const key = options.key ?? crypto.randomUUID();
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.attempt(method, path, body, key, options);
      if ('answer' in outcome) return outcome.answer as R;
      const { problem, cause } = outcome;
      if (attempt >= attempts || !mayPass(problem)) throw failed(key, problem, cause);
      const pause = Math.min(longestPauseMs, pauseMs * 2 ** (attempt - 1)) * (0.5 + 0.5 * Math.random());
      await sleep(Math.max(pause, 1_000 * (problem?.retryAfter ?? 0)), options.signal);
    }
  }

  private async attempt(
    method: string,
    path: string,
    body: object | undefined,
    key: string,
    options: SendOptions,
  ): Promise<{ readonly answer: unknown } | { readonly problem?: CommandProblem; readonly cause?: unknown }> {
    const { url, headers, attemptMs = DEFAULTS.attemptMs, fetch: send = fetch } = this.options;
    const { ifMatch, signal } = options;
    signal?.throwIfAborted();
    const own = typeof headers === 'function' ? await headers() : headers;
    const limit = AbortSignal.timeout(attemptMs + (options.waitFor === undefined ? 0 : (options.waitForMs ?? WAIT_MS)));
    try {
      const response = await send(`${url.replace(/\/$/, '')}${path}${queryOf(path, options)}`, {
        method,
        headers: {
          accept: 'application/json, application/problem+json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...own,
          'idempotency-key': key,
          ...(ifMatch !== undefined && { 'if-match': `"${ifMatch}"` }),
        },
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return { answer: text === '' ? undefined : (JSON.parse(text) as unknown) };
      return { problem: problemIn(response, text) };
    } catch (cause) {
      signal?.throwIfAborted();
      return { cause };
    }
  }
}

function queryOf(path: string, { waitFor, waitForMs }: SendOptions): string {
  if (waitFor === undefined) return '';
  const query = new URLSearchParams({ waitFor: [waitFor].flat().join(',') });
  if (waitForMs !== undefined) query.set('waitForMs', String(waitForMs));
  return `${path.includes('?') ? '&' : '?'}${query.toString()}`;
}

/** What a proxy answers is no problem+json: its status is all that is known then. */
function problemIn({ status, headers }: Response, text: string): CommandProblem {
  const retryAfter = secondsIn(headers.get('retry-after'));
  let told: object = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) told = parsed;
  } catch {
    // Not JSON.
  }
  return { ...told, status, ...(retryAfter !== undefined && { retryAfter }) };
}

/** `Retry-After` says how many seconds, or until when. */
function secondsIn(after: string | null): number | undefined {
  if (after === null) return undefined;
  const seconds = /^\d+$/.test(after) ? Number(after) : (Date.parse(after) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

function mayPass(problem: CommandProblem | undefined): boolean {
  if (problem === undefined || AGAIN.includes(problem.status)) return true;
  // What begins a stream that exists will not begin it later, and a version that was stated, in the body too, is not the stream's later either.
  const { expected, stated } = problem.details ?? {};
  return (
    problem.status === 409 && problem.code === 'stream.conflict' && typeof expected === 'number' && stated !== true
  );
}

function failed(key: string, problem: CommandProblem | undefined, cause: unknown): CommandFailed {
  const said = problem?.detail ?? problem?.title ?? (problem && `The server answered ${problem.status}.`);
  return new CommandFailed(said ?? 'The server did not answer.', key, problem, { cause });
}

async function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', end);
        resolve();
      },
      Math.min(milliseconds, LONGEST_TIMER_MS),
    );
    signal?.addEventListener('abort', end, { once: true });
  });
}
