import type { Type } from '../data/type.js';
import type { EventDefinition } from '../event/domain-event.decorator.js';

/**
 * The number under which snapshots of a state are kept. It changes by itself with the state's fields and with the events
 * and their versions, since a snapshot from before such a change lacks what it never folded; a forgotten revision would
 * hand that to a decision.
 */
export function snapshotRevisionOf(
  stateRevision: number,
  state: Type<object>,
  events: readonly EventDefinition[],
): number {
  const names = events.map(({ name, version }) => `${name}@${version}`).sort();
  const text = JSON.stringify([stateRevision, Object.keys(new state()).sort(), names]);
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  // 31 bits: a positive 32-bit integer in any database.
  return hash >>> 1;
}
