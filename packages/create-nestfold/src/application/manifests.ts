import type { TestedVersions } from '../template/template.js';
import type { Choice } from './contexts.js';

/** What the repository itself needs, and applications do not. */
const NOT_NEEDED = ['@nestjs/terminus', 'mongodb-memory-server-core'];
const TOOLS = [
  '@types/express',
  '@types/node',
  'eslint',
  'fast-check',
  'prettier',
  'typescript',
  'typescript-eslint',
  'vitest',
];
/** Ours, which the root needs itself; the others come with the libs. */
const OURS_FOR_DEVELOPERS = ['@nestfold/testing', 'create-nestfold'];

/** All packages of ours that applications use. */
const OUR_PACKAGES = [
  '@nestfold/admin',
  '@nestfold/core',
  '@nestfold/dev-stack',
  '@nestfold/kafka',
  '@nestfold/mongodb',
  '@nestfold/nestjs',
  '@nestfold/projections',
  '@nestfold/testing',
  'create-nestfold',
] as const;
/** Packages that only an application with a topic uses. */
const OF_KAFKA: readonly string[] = ['@nestfold/kafka', 'kafkajs'];

/** The packages of ours that an application uses. */
export function ourPackages({ hasKafka }: Pick<Choice, 'hasKafka'>): readonly string[] {
  return OUR_PACKAGES.filter((one) => hasKafka || !OF_KAFKA.includes(one));
}

/** Where a package of ours comes from: a version, or the path of an archive. */
export type Origins = Readonly<Record<string, string>>;

/** What a project's manifest holds of interest here. */
interface Manifest {
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly nx?: unknown;
  readonly license?: unknown;
}

/** The `package.json` of one of the sample's projects: without what is left out, the workspace's tags and our licence. */
export function projectManifest(text: string, isThere: (project: string) => boolean): string {
  const { nx: _tags, license: _ours, ...manifest } = JSON.parse(text) as Manifest;
  const dependencies = Object.entries(manifest.dependencies ?? {}).filter(
    ([name]) => !name.startsWith('@shop/') || isThere(`libs/${name.slice('@shop/'.length)}`),
  );
  return json({ ...manifest, dependencies: Object.fromEntries(dependencies) });
}

/** The `tsconfig.json` of one of the sample's projects: it refers to its neighbours, while our packages come compiled. */
export function projectConfig(text: string, isThere: (project: string) => boolean): string {
  const config = JSON.parse(text) as { readonly references: readonly { readonly path: string }[] };
  const references = config.references.filter(({ path }) => {
    const project = `libs/${path.split('/').at(-1)}`;
    return !path.includes('packages/') && isThere(project);
  });
  return json({ ...config, references });
}

/** The root's `tsconfig.json`: all projects. */
export function rootConfig(projects: readonly string[]): string {
  return json({ files: [], references: projects.map((path) => ({ path })) });
}

/** The root's `package.json`. */
export function rootManifest(name: string, versions: TestedVersions, origins: Origins, choice: Choice): string {
  const { isWhole, hasKafka } = choice;
  const tools = Object.entries(versions.devDependencies).filter(([tool]) => TOOLS.includes(tool));
  const ours = Object.entries(origins).map(([one, origin]) => [one, origin] as const);
  const isForDevelopers = ([one]: readonly [string, string]): boolean => OURS_FOR_DEVELOPERS.includes(one);
  const others = Object.entries(versions.dependencies).filter(
    ([one]) => !NOT_NEEDED.includes(one) && (hasKafka || !OF_KAFKA.includes(one)),
  );
  return json({
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    workspaces: ['libs/*', 'apps/*'],
    scripts: {
      start: 'node tools/start.mjs',
      ...(hasKafka && { 'start:kafka': 'node tools/start-kafka.mjs' }),
      ...(isWhole && { demo: 'node tools/demo.mjs' }),
      test: 'tsc -b && tsc -p tsconfig.spec.json && vitest run',
      'test:unit': 'vitest run --project unit',
      'test:int': 'tsc -b && vitest run --project int',
      ...(hasKafka && { 'test:kafka': 'tsc -b && vitest run --project kafka' }),
      'test:types': 'tsc -p tsconfig.spec.json',
      lint: 'eslint . --max-warnings 0 && prettier --check --log-level warn .',
      format: 'prettier --write --log-level warn .',
      build: 'tsc -b',
      openapi: `npm run openapi -w @${name}/app${hasKafka ? ` -w @${name}/analytics-service` : ''}`,
    },
    dependencies: sorted([...others, ...ours.filter((one) => !isForDevelopers(one))]),
    devDependencies: sorted([...tools, ...ours.filter(isForDevelopers)]),
  });
}

function sorted(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries([...entries].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
