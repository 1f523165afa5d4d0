import type { TopicDefinition } from '@nestfold/core';
import type { Lag } from '../rebuilding/rollback-refused.error.js';
import { lagOf, savedTimeOf } from '../engine/generation-lag.js';
import type { EngineContext } from '../running/engine-context.js';
import { later } from '../following/store-clock.js';
import { relayKey } from '../running/keys.js';
import { refusedOf } from '../topics/refused-messages.js';
import type { RelayRunner, RelayState } from './relay-runner.js';

/** How the relay of a topic stands, as this process sees it. */
export interface RelayStatus extends Lag {
  readonly topic: string;
  /** `elsewhere` also where this process does not have the role; nobody does it while there is no `owner`. */
  readonly state: RelayState;
  /** Names the process that fills the topic: another one at each of its starts. Missing while nobody does. */
  readonly owner?: string;
  /** Commits that this process has sent since it began. */
  readonly sent: number;
  /** Messages that readers refused and that are kept beside the topic, redriven ones included; missing while the broker does not say. */
  readonly refused?: number;
  /** What failed last, while it is being retried. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** How a relay stands: what the store holds behind its place, of whichever category. */
export async function relayStatusOf(
  context: EngineContext,
  { name }: TopicDefinition,
  runner: RelayRunner | undefined,
): Promise<RelayStatus> {
  const { connection } = context;
  const key = relayKey(name);
  const [saved, [lease], refused] = await Promise.all([
    savedTimeOf(connection, key),
    connection.leases.findAll([key]),
    refusedOf(context, name),
  ]);
  const lag = await lagOf(connection, runner?.time === undefined ? saved : later(saved, runner.time));
  const { state = 'elsewhere', sent = 0, trouble } = runner ?? {};
  return {
    topic: name,
    state,
    ...(lease && !lease.isExpired && { owner: lease.owner }),
    sent,
    ...lag,
    ...(refused !== undefined && { refused }),
    ...(trouble && { error: trouble }),
  };
}
