import { UsageError } from '../usage.error.js';
import type { FileTree } from '../workspace/file-tree.js';
import { readJson } from '../workspace/read-json.js';
import { withElement, withImport } from './edit-source.js';
import { NO_CONTEXTS } from './library.js';
import { requireOwnNames } from './own-names.js';
import type { Part } from './part.js';

const NEEDED = [
  '@nestfold/core',
  '@nestfold/nestjs',
  '@nestfold/projections',
  '@nestjs/common',
  '@nestjs/swagger',
  'class-validator',
];

/** A bounded context: a library with a module, which the application takes in. */
export const contextPart: Part = {
  help: 'a bounded context: a library in libs, taken in by the application',
  flags: { app: { value: 'name', help: 'the application in apps; needed where there are several' } },
  generate(tree, { kebab, pascal, words }, { app }) {
    const library = `libs/${kebab}`;
    if (tree.exists(library))
      throw new UsageError(`${library} is there already: nothing is overwritten.`, 'Take another name.');
    if (NO_CONTEXTS.includes(kebab))
      throw new UsageError(`${library} is no context in any application: it is shared.`, 'Take another name.');
    const host = hostOf(tree, app);
    const model = modelOf(tree, host);
    requireFreePackage(tree, `${scopeOf(tree, model)}/${kebab}`);
    tree.write(`${library}/package.json`, manifest(tree, model, kebab));
    tree.write(`${library}/tsconfig.json`, tree.read(`libs/${model}/tsconfig.json`));
    tree.write(
      `${library}/src/index.ts`,
      `// What other parts of the application may use, listed by hand.
export { ${pascal}Module } from './${kebab}.module.js';
`,
    );
    const moduleText = `import { Module } from '@nestjs/common';
import { NestfoldModule } from '@nestfold/nestjs';

/** The context of ${words}. */
@Module({
  imports: [NestfoldModule.forFeature({ aggregates: [], readModels: [] })],
  providers: [],
})
export class ${pascal}Module {}
`;
    const specText = moduleSpec(kebab, pascal, words);
    [moduleText, specText].forEach(requireOwnNames);
    tree.write(`${library}/src/${kebab}.module.ts`, moduleText);
    tree.write(`${library}/src/${kebab}.module.spec.ts`, specText);
    takeIn(tree, host, kebab, pascal);
  },
};

/** A context of the application, of which a new one takes the scope, the versions and the references; not one of another service. */
function modelOf(tree: FileTree, host: string): string {
  const { dependencies = {} } = readJson<Manifest>(tree, `apps/${host}/package.json`);
  const [model] = tree
    .children('libs')
    .filter((name) =>
      ['package.json', 'tsconfig.json', `src/${name}.module.ts`].every((one) => tree.exists(`libs/${name}/${one}`)),
    )
    .filter((name) => Object.keys(dependencies).some((one) => one.endsWith(`/${name}`)));
  if (model === undefined)
    throw new UsageError(
      'There is no context in libs that a new one could be like.',
      'Run it in the root of an application that create-nestfold made.',
    );
  return model;
}

function hostOf(tree: FileTree, app: string | undefined): string {
  const hosts = tree.children('apps').filter((name) => tree.exists(`apps/${name}/src/contexts.ts`));
  const host = app ?? (hosts.length === 1 ? hosts[0] : undefined);
  if (host !== undefined && hosts.includes(host)) return host;
  throw new UsageError(
    host === undefined
      ? 'It is not said which application takes the context in.'
      : `There is no application '${host}' with a src/contexts.ts.`,
    hosts.length > 0
      ? `Say --app with one of ${hosts.join(', ')}.`
      : 'Run it in the root of an application that create-nestfold made.',
  );
}

function scopeOf(tree: FileTree, model: string): string {
  const { name } = readJson<Manifest>(tree, `libs/${model}/package.json`);
  return name.split('/')[0] ?? '';
}

/** Two projects of one package name cannot be installed: the application has one as well. */
function requireFreePackage(tree: FileTree, name: string): void {
  for (const host of tree.children('apps')) {
    const path = `apps/${host}/package.json`;
    if (tree.exists(path) && readJson<Manifest>(tree, path).name === name)
      throw new UsageError(`${name} is the package in apps/${host}.`, 'Take another name.');
  }
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifest(tree: FileTree, model: string, kebab: string): string {
  const like = readJson<Manifest>(tree, `libs/${model}/package.json`);
  const scope = scopeOf(tree, model);
  const wanted = [...NEEDED, `${scope}/contracts`, `${scope}/platform`];
  const dependencies = Object.fromEntries(
    Object.entries(like.dependencies ?? {}).filter(([name]) => wanted.includes(name)),
  );
  return json({ ...like, name: `${scope}/${kebab}`, dependencies });
}

function takeIn(tree: FileTree, host: string, kebab: string, pascal: string): void {
  const own = readJson<Manifest & { readonly version: string }>(tree, `libs/${kebab}/package.json`);
  const app = `apps/${host}`;
  const hostManifest = readJson<Manifest>(tree, `${app}/package.json`);
  const dependencies = Object.entries({ ...hostManifest.dependencies, [own.name]: own.version }).sort(
    ([left], [right]) => (left < right ? -1 : 1),
  );
  tree.write(`${app}/package.json`, json({ ...hostManifest, dependencies: Object.fromEntries(dependencies) }));
  refer(tree, 'tsconfig.json', `libs/${kebab}`);
  refer(tree, `${app}/tsconfig.json`, `../../libs/${kebab}`);
  const contexts = `${app}/src/contexts.ts`;
  const changed = withElement(tree.read(contexts), /\bcomposition\b[^=]*=\s*\{/, 'modules', `${pascal}Module`);
  if (changed === undefined)
    throw new UsageError(
      `${contexts} does not look as expected: it has no modules: […], as an array of its own, in one composition = { … }.`,
      'Give it one.',
    );
  tree.write(contexts, withImport(changed, `${pascal}Module`, own.name));
}

function refer(tree: FileTree, config: string, path: string): void {
  const parsed = readJson<{ readonly references?: readonly { readonly path: string }[] }>(tree, config);
  const others = (parsed.references ?? []).filter((one) => one.path !== path);
  tree.write(config, json({ ...parsed, references: [...others, { path }] }));
}

function moduleSpec(kebab: string, pascal: string, words: string): string {
  return `import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { inMemory } from '@nestfold/core';
import { Nestfold, NestfoldModule } from '@nestfold/nestjs';
import { describe, expect, it } from 'vitest';
import { ${pascal}Module } from './${kebab}.module.js';

@Module({ imports: [NestfoldModule.forRoot({ store: inMemory() }), ${pascal}Module] })
class Alone {}

describe('the context of ${words}', () => {
  // Mistakes in the definitions of its parts are told here, all at once.
  it('starts with all of its parts', async () => {
    const app = await NestFactory.createApplicationContext(Alone, { logger: false, abortOnError: false });
    await app.get(Nestfold).settled();
    expect(app.get(Nestfold).readiness()).toMatchObject({ ready: true });
    await app.close();
  });
});
`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
