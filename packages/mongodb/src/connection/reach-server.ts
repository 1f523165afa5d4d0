import { StoreUnavailable } from '@nestfold/core';
import { MongoServerSelectionError, type MongoClient, type ServerHeartbeatFailedEvent } from 'mongodb';
import { explainSilence } from './explain-silence.js';
import { redacted } from './mongo-options.js';

/** How long a server is looked for. */
export interface SearchLimits {
  /** The driver's own limit (`serverSelectionTimeoutMS`) when missing, which stays that of every later operation. */
  readonly withinMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Connects, for so long as the caller has time. Throws `StoreUnavailable` when the time is over, saying what is the matter with a server that
 * does answer; the signal's reason when that ends the search; and what the driver throws.
 */
export async function reachServer(client: MongoClient, uri: string, { withinMs, signal }: SearchLimits): Promise<void> {
  signal?.throwIfAborted();
  let reason = 'no reply';
  let over = false;
  const note = ({ failure }: ServerHeartbeatFailedEvent): void => void (reason = failure.message);
  client.on('serverHeartbeatFailed', note);
  // Closing it ends its search; without that the process would live on until the driver's own limit.
  const end = (): void => void client.close();
  const limit =
    withinMs === undefined
      ? undefined
      : setTimeout(() => {
          over = true;
          end();
        }, withinMs);
  signal?.addEventListener('abort', end, { once: true });
  try {
    await client.connect();
  } catch (error) {
    signal?.throwIfAborted();
    if (!over && !(error instanceof MongoServerSelectionError)) throw error;
    const within = over ? ` within ${withinMs} ms` : '';
    throw new StoreUnavailable(
      (await explainSilence(client)) ??
        `No MongoDB server answers at ${redacted(uri)}${within} (${over ? reason : (error as Error).message}).`,
      {},
      { cause: error },
    );
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener('abort', end);
    client.off('serverHeartbeatFailed', note);
  }
}
