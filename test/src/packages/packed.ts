import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY, type Publishable } from './publishable.js';

/** An archive of a package, as `npm pack` makes it of what is compiled. */
export interface Archive {
  readonly name: string;
  readonly path: string;
}

/** Packs packages into a folder. What they need compiled must be: `npm test` and `npm run test:int` build first. */
export async function packInto(folder: string, packages: readonly Publishable[]): Promise<Archive[]> {
  const wanted = packages.flatMap(({ manifest }) => ['-w', manifest.name]);
  await mkdir(folder, { recursive: true });
  await run(REPOSITORY, 'npm', ['pack', ...wanted, '--pack-destination', folder]);
  return packages.map(({ manifest: { name, version } }) => ({
    name,
    path: join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`),
  }));
}

/** Lays packages into a folder's `node_modules` as an install would. */
export async function unpackInto(folder: string, archives: readonly Archive[]): Promise<void> {
  for (const { name, path } of archives) {
    const target = join(folder, 'node_modules', name);
    await mkdir(target, { recursive: true });
    await run(folder, 'tar', ['xzf', path, '-C', target, '--strip-components=1']);
  }
}

/**
 * Lays packages of others into a folder's `node_modules`: those of another project of the repository, copied, where it is named, since a link's
 * own imports would be looked for where it leads; else the repository's own, linked. Nothing is downloaded.
 */
export async function layOthers(folder: string, project?: string): Promise<void> {
  const target = join(folder, 'node_modules');
  if (project !== undefined) await cp(join(REPOSITORY, project, 'node_modules'), target, { recursive: true });
  for (const name of await installed()) {
    if (existsSync(join(target, name))) continue;
    await mkdir(join(target, name, '..'), { recursive: true });
    await symlink(join(REPOSITORY, 'node_modules', name), join(target, name), 'junction');
  }
}

/** Names of installed packages that are not ours. */
async function installed(): Promise<string[]> {
  const modules = join(REPOSITORY, 'node_modules');
  const all: string[] = [];
  for (const name of await readdir(modules)) {
    if (/^\.|^(@nestfold|@shop|create-nestfold)$/.test(name)) continue;
    if (name.startsWith('@')) all.push(...(await readdir(join(modules, name))).map((one) => `${name}/${one}`));
    else all.push(name);
  }
  return all;
}

/** Runs a program to its end, and answers what it printed. Rejects with that where it fails. */
export async function run(
  where: string,
  program: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<string> {
  const env = { ...environment(), ...settings };
  const { stdout } = await promisify(execFile)(program, args, { cwd: where, env, maxBuffer: 1e8 }).catch(
    (error: Error & { stdout?: string; stderr?: string }) => {
      throw Object.assign(error, { message: `${error.message}\n${error.stdout ?? ''}\n${error.stderr ?? ''}` });
    },
  );
  return stdout;
}

/** What of this process's environment is the machine's, and not this test run's. */
export function environment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, JAVA_HOME, NESTFOLD_MONGOD, NESTFOLD_CACHE, XDG_CACHE_HOME } = process.env;
  return { PATH, HOME, TMPDIR, JAVA_HOME, NESTFOLD_MONGOD, NESTFOLD_CACHE, XDG_CACHE_HOME };
}
