import type { ParkedStream } from '@nestfold/core';
import type { EngineSettings } from '../engine/engine-settings.js';

/**
 * When a parked stream's first event is delivered to its handler again by itself, in milliseconds since 1970: after pauses that double up to
 * `handlerBackoffMaxMs`, so that a fault that passes needs nobody. Never any more after `handlerAttempts` attempts: from then on it is asked for.
 */
export function retryTimeOf(
  { attempts, history, at }: Pick<ParkedStream, 'attempts' | 'history' | 'at'>,
  { backoffMs, handlerBackoffMaxMs, handlerAttempts }: EngineSettings,
): number {
  if (attempts >= handlerAttempts) return Number.POSITIVE_INFINITY;
  return (history.at(-1)?.at ?? at).getTime() + Math.min(handlerBackoffMaxMs, backoffMs * 2 ** Math.min(attempts, 30));
}
