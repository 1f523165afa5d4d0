import type { EventDefinition, EventFromNewerBuild } from '@nestfold/core';

/** What a consumer of these events can apply, as leases name it: each type at each version up to the compiled one. */
export function knownSchemas(events: readonly EventDefinition[]): string[] {
  return events.flatMap(({ name, version }) => Array.from({ length: version }, (_, index) => `${name}@${index + 1}`));
}

/** What is lacked by a build that met an event of a newer one. From the details: the error may come from another thread. */
export function needOf({ details }: EventFromNewerBuild): string {
  return `${String(details['type'])}@${String(details['schema'])}`;
}
