import type { Env } from './cache-folder.js';
import type { Report } from './progress.js';

/** What a source may look at: handed in, so that tests can put another machine in its place. @internal */
export interface Machine {
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Per-user folder that fetched programs are kept in. */
  readonly cacheFolder: string;
  readonly report: Report;
}
