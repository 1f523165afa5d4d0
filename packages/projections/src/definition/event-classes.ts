import { eventDefinitionOf, isConfigurationError, type Ctor, type EventDefinition } from '@nestfold/core';

/** What is wrong with a class that is used as an event: one problem, or none. */
export function eventProblem(where: string, event: Ctor<object>): string[] {
  try {
    eventDefinitionOf(event);
    return [];
  } catch (error) {
    if (!isConfigurationError(error)) throw error;
    return [`${where}: ${error.message}`];
  }
}

/** The definitions of event classes, each once. Throws `ConfigurationError` for a class that is no event. */
export function eventsOf(events: readonly Ctor<object>[]): EventDefinition[] {
  return [...new Set(events)].map((event) => eventDefinitionOf(event));
}
