import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TESTS = /\.(spec|cases|contract|entry)\.ts$|\/test\/[^/]+\.ts$/;

/** The text of a file; paths are from the root of the workspace. */
export function textOf(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}

/** Whether there is such a file or folder. */
export function isThere(path: string): boolean {
  return existsSync(`${ROOT}${path}`);
}

/** The files beneath a folder, in order. */
export function filesIn(folder: string): string[] {
  const below = readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' });
  return below.map((path) => posix.join(folder, path.replaceAll('\\', '/'))).toSorted();
}

/** The pages beside the sources: of the workspace, its packages and libs. */
export function readmes(): string[] {
  const folders = ['packages', 'libs', 'apps'].flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`).map((name) => `${folder}/${name}`),
  );
  return ['README.md', 'CONTRIBUTING.md', ...folders.map((folder) => `${folder}/README.md`).filter(isThere)];
}

/** All pages of the documentation. */
export function pages(): string[] {
  return filesIn('docs').filter((path) => path.endsWith('.md'));
}

/** All files that state tests: specs, cases of contract suites, entries of the reliability battery, and what specs of a package share (`test`). */
export function testFiles(): string[] {
  const projects = ['packages', 'libs', 'apps'].flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`).flatMap((name) => [`${folder}/${name}/src`, `${folder}/${name}/test`]),
  );
  return [...projects, 'test/src', 'bench/src']
    .filter(isThere)
    .flatMap(filesIn)
    .filter((path) => TESTS.test(path));
}
