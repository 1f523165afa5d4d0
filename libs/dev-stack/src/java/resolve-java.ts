import { askInOrder, reasonOf, type FailedAttempt } from '../support/ask-in-order.js';
import type { Machine } from '../support/machine.js';
import { javaOfHome, pathSource } from './installed-java.js';
import { cacheSource } from './java-cache.js';
import type { JavaSource, JavaSourceName } from './java.source.js';
import { officialDownloadSource } from './official-download.source.js';
import { wheelSource } from './wheel.source.js';

/** In the order they are asked: what costs nothing first. @internal */
export const JAVA_SOURCES: readonly JavaSource[] = [pathSource, cacheSource, officialDownloadSource(), wheelSource()];

/**
 * A Java that runs here: that of `JAVA_HOME`, else the first of the sources that has one. A `JAVA_HOME` that cannot be used is never
 * silently replaced. `failed` makes the error where there is none.
 * @internal
 */
export async function resolveJava(
  machine: Machine,
  sources: readonly JavaSource[],
  failed: (attempts: readonly FailedAttempt<'JAVA_HOME' | JavaSourceName>[]) => Error,
): Promise<string> {
  const home = machine.env['JAVA_HOME'];
  if (home) {
    return javaOfHome(home, machine.platform).catch((error: unknown) => {
      throw failed([{ source: 'JAVA_HOME', reason: reasonOf(error) }]);
    });
  }
  const notSet = { source: 'JAVA_HOME', reason: 'not set' } as const;
  return (await askInOrder(sources, machine, (attempts) => failed([notSet, ...attempts]))).java;
}
