import { TransportUnavailable } from '@nestfold/core';
import { expect, it } from 'vitest';
import type { EngineContext } from '../running/engine-context.js';
import type { ProjectionSupervisor } from '../running/projection-supervisor.js';
import { reasonsOf } from './readiness.js';

const HEARTBEAT_MS = 2_500;

/** A process whose projection has been in trouble since the moment 0, and whose last heartbeat was just now. */
function reasonsAt(now: number, beatAt = now, code = 'projection.failed'): string[] {
  const context = { environment: { now: () => now }, settings: { heartbeatMs: HEARTBEAT_MS } };
  const supervisor = {
    definition: { name: 'orders' },
    view: { live: { id: 'orders.1.1' } },
    runner: { trouble: { since: 0, code, error: 'E11000' } },
  };
  return reasonsOf(context as EngineContext, [supervisor as unknown as ProjectionSupervisor], beatAt);
}

// Alive, but stuck: whoever sends it requests would be shown ever older documents.
it('a process is not ready when a projection of its has not moved for 30 s [S-5]', () => {
  expect(reasonsAt(29_999)).toEqual([]);
  expect(reasonsAt(30_000)).toEqual(["projection 'orders' does not move: E11000"]);
});

// Of a service that writes and reads a topic, no process was left for its balancer half a minute after the broker had gone.
it('a process stays ready while the broker is away that feeds its live projection [K-2]', () => {
  expect(reasonsAt(600_000, 600_000, new TransportUnavailable('The broker is away.').code)).toEqual([]);
});

it('a process is not ready when its store has not answered for four heartbeats [S-5]', () => {
  expect(reasonsAt(20_000, 20_000 - 4 * HEARTBEAT_MS)).toEqual([]);
  expect(reasonsAt(20_000, 19_999 - 4 * HEARTBEAT_MS)).toEqual(['the store does not answer']);
});
