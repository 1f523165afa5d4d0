import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Env } from './cache-folder.js';
import { assertReachable } from './reachable.js';

/** Where downloads come from; each rejects with an `Error` that says in one line why there is none. @internal */
export interface Web {
  /** A small text. */
  text(url: string, env: Env): Promise<string>;
  /** Writes what is there to a file. */
  save(url: string, file: string, env: Env): Promise<void>;
}

const ANSWER_WITHIN_MS = 30_000;
const SAVE_WITHIN_MS = 10 * 60_000;

/** Over TLS, with Node's own client. It knows no proxies. @internal */
export const web: Web = {
  text: async (url, env) => (await get(url, env, ANSWER_WITHIN_MS)).text(),
  save: async (url, file, env) => {
    const { body } = await get(url, env, SAVE_WITHIN_MS);
    if (body === null) throw new Error(`${url} answers with nothing`);
    await pipeline(Readable.fromWeb(body), createWriteStream(file));
  },
};

async function get(url: string, env: Env, withinMs: number): Promise<Response> {
  await assertReachable(new URL(url), env);
  const response = await fetch(url, { signal: AbortSignal.timeout(withinMs) }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`${url} cannot be fetched: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause: error,
    });
  });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response;
}
