import {
  InvalidMessage,
  type AggregateDefinition,
  type CommandReceipt,
  type Ctor,
  type HandleDefinition,
  type Repository,
} from '@nestfold/core';
import type { MessageRoute } from './message-route.js';

/** Brings a command to the aggregate's own method: load, decide, append. */
export function aggregateRoute(
  { aggregate }: AggregateDefinition,
  { command, idField, on, method }: HandleDefinition,
  repositoryOf: (aggregate: Ctor<object>) => Repository<object>,
): MessageRoute {
  const write = ({ existing: 'update', new: 'create', any: 'save' } as const)[on];
  return {
    message: command,
    handledBy: `${aggregate.name}.${String(method)}`,
    handle: async (message): Promise<CommandReceipt> => {
      const id = (message as Record<string, unknown>)[idField];
      if (typeof id !== 'string' || id === '')
        throw new InvalidMessage(command.name, [
          { path: idField, message: `${idField} must be a text that is not empty` },
        ]);
      return repositoryOf(aggregate)[write](id, (target) =>
        (target as Record<string | symbol, (command: object) => unknown>)[method]?.(message),
      );
    },
  };
}
