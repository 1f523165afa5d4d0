import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { VERSIONS, type Template, type TestedVersions } from './template.js';

/** The sample's projects, whole. What is not source stays behind. */
const PROJECTS = [
  'apps/analytics-service',
  'apps/relay',
  'apps/shop',
  'libs/analytics',
  'libs/catalog',
  'libs/contracts',
  'libs/customers',
  'libs/orders',
  'libs/platform',
  'libs/service',
  'libs/stand-ins',
] as const;

/** What projects are described by, beside their sources. */
const DOCUMENTS = ['apps/analytics-service/openapi.json', 'apps/shop/openapi.json'] as const;

/** Files of the repository's root that an application has as well. */
const SHARED = [
  '.npmrc',
  '.prettierrc.json',
  'tsconfig.base.json',
  'tools/build-shop.mjs',
  'tools/demo.mjs',
  'tools/end-with-parent.mjs',
  'tools/start-kafka.mjs',
  'tools/start.mjs',
  'tools/vitest-setup.ts',
] as const;

/** What a new application has and the repository has otherwise: README, lint, tests, deployment. */
const OWN = 'packages/create-nestfold/app';

/** Gathers the template from a checkout of the repository. Throws what the file system throws where a file is missing. */
export function collectTemplate(root: string): Template {
  const text = (path: string): string => readFileSync(join(root, path), 'utf8');
  const projects = PROJECTS.flatMap((project) => [
    `${project}/package.json`,
    `${project}/tsconfig.json`,
    ...filesBelow(root, `${project}/src`),
  ]);
  const own = filesBelow(root, OWN).map((path) => [visibleName(path.slice(OWN.length + 1)), text(path)] as const);
  return new Map([
    [VERSIONS, `${JSON.stringify(testedVersions(text), undefined, 2)}\n`],
    ...[...projects, ...DOCUMENTS, ...SHARED].map((path) => [path, text(path)] as const),
    ...own,
  ]);
}

/** The files beneath a folder, in order; paths with `/`, from the root. */
export function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder))
    .toSorted()
    .flatMap((name) => {
      const path = posix.join(folder, name);
      return statSync(join(root, path)).isDirectory() ? filesBelow(root, path) : [path];
    });
}

/** The file that was packed under a name. */
export function visibleName(path: string): string {
  return path.replace(/(^|\/)_(?=[^_/][^/]*$)/, '$1.').replace(/(^|\/)__(?=[^/]+$)/, '$1');
}

/**
 * The name under which a file is packed. npm leaves out `.gitignore` and `.npmrc`, so a dot is an underscore there; a manifest within a
 * package would be taken for one of its own, so it has two before it.
 */
export function packedName(path: string): string {
  return path.replace(/(^|\/)\.(?=[^/]+$)/, '$1_').replace(/(^|\/)(?=package\.json$)/, '$1__');
}

function testedVersions(text: (path: string) => string): TestedVersions {
  const root = JSON.parse(text('package.json')) as Omit<TestedVersions, 'nestfold'>;
  const own = JSON.parse(text('packages/create-nestfold/package.json')) as { readonly version: string };
  return { nestfold: own.version, dependencies: root.dependencies, devDependencies: root.devDependencies };
}
