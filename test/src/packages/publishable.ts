import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** What is said in a package's `package.json`. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** A package that strangers install. */
export interface Publishable {
  /** From the repository's folder, with `/`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every package of the repository that is not private. */
export function publishable(): Publishable[] {
  return ['packages', 'libs']
    .flatMap((parent) => readdirSync(join(REPOSITORY, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => existsSync(join(REPOSITORY, folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(REPOSITORY, folder, 'package.json'), 'utf8')) as Manifest,
    }))
    .filter(({ manifest }) => manifest.private !== true);
}
