import type { EngineContext } from '../running/engine-context.js';
import type { ProjectionSupervisor } from '../running/projection-supervisor.js';
import { isTopicAway } from '../running/runner-view.js';

/** Whether a process may be sent requests, and why not. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

/** A batch takes milliseconds and is tried again within seconds: what has not moved for so long is stuck. */
const STUCK_MS = 30_000;

/** Why a process is not ready; from memory, so that a probe costs nothing. */
export function reasonsOf(
  { environment, settings }: EngineContext,
  supervisors: readonly ProjectionSupervisor[],
  beatAt: number,
): string[] {
  const now = environment.now();
  const reasons = supervisors.flatMap(
    ({ definition: { name }, view: { live, building, fallback }, runner, waitsFor }) => {
      // Readers have the documents of an older version meanwhile.
      if (live === undefined && fallback !== undefined) return [];
      if (live === undefined)
        return [
          building?.failure
            ? `projection '${name}' stopped: ${building.failure.message}`
            : waitsFor
              ? `projection '${name}' waits for its topic: ${waitsFor.message}`
              : `projection '${name}' is being built for the first time`,
        ];
      if (live.failure) return [`projection '${name}' stopped: ${live.failure.message}`];
      const trouble = runner?.trouble;
      // All processes lose a broker at once: none of them would be left to take commands, which need none.
      return trouble !== undefined && !isTopicAway(trouble) && now - trouble.since >= STUCK_MS
        ? [`projection '${name}' does not move: ${trouble.error}`]
        : [];
    },
  );
  // The store is asked with each heartbeat.
  if (now - beatAt > 4 * settings.heartbeatMs) reasons.push('the store does not answer');
  return reasons;
}
