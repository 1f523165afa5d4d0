import type { Lag } from '../rebuilding/rollback-refused.error.js';
import { lagOf, savedTimeOf } from '../engine/generation-lag.js';
import type { EngineContext } from '../running/engine-context.js';
import type { RelayRunner, RelayState } from './relay-runner.js';

/** How the relay of a topic stands, as this process sees it. */
export interface RelayStatus extends Lag {
  readonly topic: string;
  readonly state: RelayState;
  /** Commits that this process has sent since it began. */
  readonly sent: number;
  /** What failed last, while it is being retried. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** How a relay stands: what the store holds behind its place, of whichever category. */
export async function relayStatusOf({ connection }: EngineContext, runner: RelayRunner): Promise<RelayStatus> {
  const lag = await lagOf(connection, runner.time ?? (await savedTimeOf(connection, runner.key)));
  const { topic, state, sent, trouble } = runner;
  return { topic: topic.name, state, sent, ...lag, ...(trouble && { error: trouble }) };
}
