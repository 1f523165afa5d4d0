import type { Report } from '../support/progress.js';

/** Where a mongod came from. @publicApi */
export type MongodSourceName = 'NESTFOLD_MONGOD' | 'PATH' | 'cache' | 'official download' | 'wheel';

/** What a source may look at: handed in, so that tests can put another machine in its place. @internal */
export interface SourceContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Per-user folder that fetched binaries are kept in. */
  readonly cacheFolder: string;
  readonly report: Report;
}

/** A mongod that has run at least `--version` here. @internal */
export interface FoundMongod {
  readonly path: string;
  readonly version: string;
}

/**
 * One place to get a mongod from.
 *
 * An implementation returns a binary it has seen running, or throws an `Error` whose message says in one
 * line why this place has none; the message is shown to the user as it is.
 * @internal
 */
export interface MongodSource {
  readonly name: MongodSourceName;
  find(context: SourceContext): Promise<FoundMongod>;
}
