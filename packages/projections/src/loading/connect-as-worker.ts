import type { ConnectOptions, StoreConnection, WorkerConnection } from '@nestfold/core';

/** Opens the store that a connection of another thread describes. Throws what importing and connecting throw. */
export async function connectAsWorker(
  { module, export: name, options }: WorkerConnection,
  connect: Pick<ConnectOptions, 'environment' | 'logger'>,
): Promise<StoreConnection> {
  const exports = (await import(module)) as Readonly<Record<string, unknown>>;
  const open = exports[name];
  if (typeof open !== 'function') throw new Error(`'${module}' exports no function '${name}'.`);
  return (
    open as (options: unknown, connect: Pick<ConnectOptions, 'environment' | 'logger'>) => Promise<StoreConnection>
  )(options, connect);
}
