import { Decimal } from '../data/decimal.js';
import { InvalidEvent } from '../error/store.errors.js';
import type { EventDefinition } from './domain-event.decorator.js';
import type { StoredEvent } from './event.js';
import { assertPlain } from './plain-data.js';

/** What one integration event may weigh unless it says otherwise. */
const MAX_BYTES = 262_144;

/** Before an upcaster or a `check` touches what another service sent. Throws `InvalidEvent` for what is no plain data, or weighs too much. */
export function insistOnFit(
  stored: StoredEvent,
  { maxBytes = MAX_BYTES }: EventDefinition,
  id: string | undefined,
): void {
  assertPlain(stored.data);
  const bytes = weightOf(stored.data);
  if (bytes > maxBytes) throw unfit(stored, [`its data weighs ${bytes} bytes of ${maxBytes}`], id);
}

/** Throws `InvalidEvent` with what the `check` of an integration event says; one that throws refuses as well: it was given what it does not expect. */
export function insistOnCheck(
  stored: StoredEvent,
  event: object,
  { check }: EventDefinition,
  id: string | undefined,
): void {
  if (check === undefined) return;
  let problems: readonly string[];
  try {
    problems = check(event);
  } catch (cause) {
    throw unfit(stored, [`its check failed: ${cause instanceof Error ? cause.message : String(cause)}`], id, { cause });
  }
  if (problems.length > 0) throw unfit(stored, problems, id);
}

function unfit(
  { type, schema }: StoredEvent,
  problems: readonly string[],
  id: string | undefined,
  options?: ErrorOptions,
): InvalidEvent {
  return new InvalidEvent(
    `${id === undefined ? 'An event' : `Event '${id}'`} of type '${type}' is not as it must be: ${problems.join('; ')}.`,
    { type, schema, problems, ...(id !== undefined && { event: id }) },
    options,
  );
}

/** About the bytes of a text of it. Ends, since `assertPlain` has passed. */
function weightOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 2;
  if (typeof value !== 'object' || value === null || value instanceof Date) return 8;
  if (Decimal.isDecimal(value)) return value.toString().length;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + weightOf(item), 2);
  return Object.entries(value).reduce((sum, [key, item]) => sum + key.length + 3 + weightOf(item), 2);
}
