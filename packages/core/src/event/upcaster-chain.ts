import { InvalidEvent } from '../error/store.errors.js';
import type { EventDefinition } from './domain-event.decorator.js';
import type { StoredEvent } from './event.js';
import type { UpcasterLink } from './upcaster.js';

/** What is wrong with the steps of one event: each version before today's needs exactly one, leading upwards. */
export function chainProblems({ event, version }: EventDefinition, links: readonly UpcasterLink[]): string[] {
  const problems: string[] = [];
  const seen = new Set<number>();
  for (const { from, to } of links) {
    if (seen.has(from)) problems.push(`${event.name} has two upcasters from version ${from}: remove one.`);
    seen.add(from);
    if (!(Number.isSafeInteger(from) && from >= 1 && Number.isSafeInteger(to) && to > from)) {
      problems.push(
        `${event.name} has an upcaster from version ${from} to ${to}: versions are whole numbers from 1 and must rise.`,
      );
    } else if (to > version) {
      problems.push(
        `${event.name} has an upcaster to version ${to}, but its @DomainEvent says version ${version}: raise it to { version: ${to} }.`,
      );
    }
  }
  for (let from = 1; from < version; from += 1) {
    if (seen.has(from)) continue;
    problems.push(
      `${event.name} is at version ${version} but nothing leads from version ${from}: add upcasts(${event.name}).from<…>(${from}).to(${from + 1}, …)…current(), in a file that is loaded.`,
    );
  }
  return problems;
}

/** Stored data in today's shape. Throws `InvalidEvent` when a step does. */
export function upcast(
  definition: EventDefinition,
  links: ReadonlyMap<number, UpcasterLink>,
  stored: StoredEvent,
  id?: string,
): object {
  let { data, schema } = stored;
  const details = { type: stored.type, schema: stored.schema, ...(id !== undefined && { event: id }) };
  while (schema < definition.version) {
    const link = links.get(schema);
    if (link === undefined) throw new InvalidEvent(`'${stored.type}' has no version ${schema}.`, details);
    try {
      data = link.up(data);
    } catch (cause) {
      throw new InvalidEvent(
        `The upcaster of '${stored.type}' from version ${schema} refused ${id ?? 'an event'}.`,
        details,
        { cause },
      );
    }
    if (typeof data !== 'object' || data === null)
      throw new InvalidEvent(`The upcaster of '${stored.type}' from version ${schema} returned no object.`, details);
    schema = link.to;
  }
  return data;
}
