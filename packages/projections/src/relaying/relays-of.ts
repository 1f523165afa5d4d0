import type { PublicationDefinition } from '../publishing/publication-definition.js';
import type { EngineContext } from '../running/engine-context.js';
import { RelayRunner } from './relay-runner.js';

/** The relays of this process, one for each topic of its transport; one of integration events is filled only where a class here publishes to it: others read it. */
export function relaysOf(context: EngineContext, publications: readonly PublicationDefinition[]): RelayRunner[] {
  const { transport } = context;
  if (transport === undefined) return [];
  return transport.topics
    .filter(({ name, carries }) => carries === undefined || publications.some(({ topic }) => topic === name))
    .map((topic) => new RelayRunner(context, transport, topic, publications));
}
