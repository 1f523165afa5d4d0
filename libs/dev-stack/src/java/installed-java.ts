import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Env } from '../support/cache-folder.js';
import type { JavaSource } from './java.source.js';

const run = promisify(execFile);

// What Kafka 4 needs; 3.9 would run on less.
const LOWEST_MAJOR = 17;

/** The Java of a home such as `JAVA_HOME`. Throws an `Error` that says in one line why it cannot be used. @internal */
export async function javaOfHome(home: string, platform: NodeJS.Platform): Promise<string> {
  return probeJava(join(home, 'bin', executableName(platform)));
}

/** The first on `PATH` that runs and is new enough. @internal */
export const pathSource: JavaSource = {
  name: 'Java on PATH',
  find: async ({ env, platform }) => ({ java: await javaOnPath(env, executableName(platform)) }),
};

async function javaOnPath(env: Env, executable: string): Promise<string> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  let reason: unknown = new Error('no java on PATH');
  for (const folder of folders) {
    try {
      return await probeJava(join(folder, executable));
    } catch (error) {
      // What does not exist explains less than what does not run.
      if (!isAbsent(error)) reason = error;
    }
  }
  throw reason;
}

function executableName(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'java.exe' : 'java';
}

/** Runs `java -version`: only that shows whether it is one. */
async function probeJava(path: string): Promise<string> {
  const { stderr } = await run(path, ['-version'], { timeout: 20_000 }).catch((error: unknown) => {
    const reason = codeOf(error) === 'ENOENT' ? 'no such file' : firstLineOf(error);
    throw new Error(`${path} does not run: ${reason}`, { cause: error });
  });
  const version = /version "(?:1\.)?(\d+)[^"]*"/.exec(stderr);
  if (version === null) throw new Error(`${path} does not answer -version as Java does`);
  if (Number(version[1]) < LOWEST_MAJOR) {
    throw new Error(`${path} is Java ${version[1]}; ${LOWEST_MAJOR} or newer is needed`);
  }
  return path;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && codeOf(error.cause) === 'ENOENT';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function firstLineOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return stderr.split('\n')[0] || error.message;
}
