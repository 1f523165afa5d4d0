import { VERSIONS, type Template, type TestedVersions } from '../template/template.js';
import { compositionOf } from './composition.js';
import type { Choice } from './contexts.js';
import { ourPackages, projectConfig, projectManifest, rootConfig, rootManifest, type Origins } from './manifests.js';
import { requireOwnNames } from '../parts/own-names.js';
import type { Names } from './names.js';
import { prunedApi } from './openapi.js';
import { isWanted, pruned } from './prune.js';
import { requireFreeProject } from './projects.js';
import { renamed, renamedPath } from './rename.js';
import { withSections } from './sections.js';

/** What an application is made of. */
export interface Wishes {
  readonly names: Names;
  readonly choice: Choice;
  /** Where packages of ours come from that are not to be taken by their version. */
  readonly archives?: Origins;
}

/** Every file of an application, by its path. Reads and writes nothing. Throws `UsageError` for a name that something else in it has. */
export function planApplication(
  template: Template,
  { names, choice, archives = {} }: Wishes,
): ReadonlyMap<string, string> {
  requireFreeProject(names, choice);
  const versions = JSON.parse(template.get(VERSIONS) ?? '') as TestedVersions;
  const wanted = [...template].filter(([path]) => isWanted(path, choice));
  const projects = wanted.flatMap(([path]) => /^((?:libs|apps)\/[^/]+)\/package\.json$/.exec(path)?.[1] ?? []);
  const isThere = (project: string): boolean => projects.includes(project);
  const origins = Object.fromEntries(ourPackages(choice).map((one) => [one, archives[one] ?? versions.nestfold]));
  const files = wanted.map(([path, text]) => [path, adapted(path, text, choice, isThere)] as const);
  const application = new Map([
    ...files.map(
      ([path, text]) =>
        [renamedPath(path, names), path === 'README.md' ? readme(text, names, choice) : renamed(text, names)] as const,
    ),
    ['package.json', rootManifest(names.kebab, versions, origins, choice)],
    ['tsconfig.json', renamed(rootConfig(projects.toSorted()), names)],
  ]);
  requireOwnNames(application.get(`apps/${names.kebab}/src/${names.kebab}.module.ts`) ?? '');
  return application;
}

function adapted(path: string, text: string, choice: Choice, isThere: (project: string) => boolean): string {
  if (path === 'apps/shop/src/contexts.ts') return compositionOf(choice);
  if (path === 'apps/shop/openapi.json') return prunedApi(text, choice);
  if (/^(libs|apps)\/[^/]+\/package\.json$/.test(path)) return projectManifest(text, isThere);
  if (/^(libs|apps)\/[^/]+\/tsconfig\.json$/.test(path)) return projectConfig(text, isThere);
  // What applications have of their own lies in the root.
  if (!path.includes('/')) return withSections(text, choice);
  return pruned(path, text, choice).replaceAll('../orders-alone.contexts.js', '../contexts.js');
}

function readme(text: string, names: Names, choice: Choice): string {
  return renamed(text, names).replaceAll('{{name}}', names.kebab).replaceAll('{{contexts}}', choice.describe());
}
