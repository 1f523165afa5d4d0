import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import type { Env } from '../support/cache-folder.js';
import { announced } from '../support/progress.js';
import type { KafkaSource } from './kafka.source.js';
import { fetchIntoCache } from './library-cache.js';
import { mavenArguments, mavenProject, PROJECT_FILE } from './maven-project.js';

/** Runs Maven in the folder of a project; rejects with an `Error` that says in one line why it failed. @internal */
export type Maven = (folder: string, args: readonly string[], env: Env) => Promise<void>;

// Hosts that swallow packets are given up by Maven itself only after many minutes.
const FETCH_WITHIN_MS = 10 * 60_000;

/**
 * Kafka as Maven resolves it, with the settings that the user has for it (mirrors, proxies): one jar does not make a broker, and
 * which ones do is the business of its project file. They are put into the cache once.
 * @internal
 */
export function mavenSource(maven: Maven = installedMaven): KafkaSource {
  return {
    name: 'Maven',
    find: async (context) => {
      const { version, env } = context;
      return announced(`fetching Kafka ${version} with Maven (46 MB)`, context.report, () =>
        fetchIntoCache(context, async (folder) => {
          await writeFile(join(folder, PROJECT_FILE), mavenProject(version));
          await maven(folder, mavenArguments('libs'), env);
          return join(folder, 'libs');
        }),
      );
    },
  };
}

const run = promisify(execFile);

const installedMaven: Maven = async (folder, args, env) => {
  await run('mvn', args, {
    cwd: folder,
    env: { ...env },
    timeout: FETCH_WITHIN_MS,
    // It is a script there, and none of the arguments has a character that its shell would read otherwise.
    shell: process.platform === 'win32',
    maxBuffer: 64 * 1024 ** 2,
  }).catch((error: unknown) => {
    throw new Error(explain(error), { cause: error });
  });
};

const SHOWN_CHARACTERS = 300;

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT') return 'mvn is not installed';
  if ('killed' in error && error.killed === true) return `mvn gave no answer in ${FETCH_WITHIN_MS / 60_000} minutes`;
  // Colours stand in it even where nobody sees them, and behind the reason a pointer to more lines.
  const output = 'stdout' in error ? stripVTControlCharacters(String(error.stdout)) : '';
  const reason = /^\[ERROR\] (\S.*?)(?: -> \[Help \d+\])?$/m.exec(output)?.[1];
  return `mvn failed: ${(reason ?? error.message).trim().slice(0, SHOWN_CHARACTERS)}`;
}
