import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { FoundMongod } from './mongod.source.js';

const run = promisify(execFile);

// Change-stream pre-images and the pipeline updates of leases need it.
const LOWEST_MAJOR = 6;

/**
 * Runs `mongod --version`: only that shows whether a binary fits this machine (architecture, libraries).
 * Throws an `Error` with the reason when it does not run or is older than MongoDB 6.
 * @internal
 */
export async function probeMongod(path: string): Promise<FoundMongod> {
  const { stdout } = await run(path, ['--version'], { timeout: 20_000 }).catch((error: unknown) => {
    throw new Error(`${path} does not run: ${reasonOf(error)}`, { cause: error });
  });
  const version = /db version v(\S+)/.exec(stdout)?.[1];
  if (version === undefined) throw new Error(`${path} does not answer --version as a mongod does`);
  if (Number.parseInt(version, 10) < LOWEST_MAJOR) {
    throw new Error(`${path} is MongoDB ${version}; ${LOWEST_MAJOR}.0 or newer is needed`);
  }
  return { path, version };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT') return 'no such file';
  const stderr = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return stderr.split('\n')[0] || error.message;
}
