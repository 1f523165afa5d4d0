import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layOthers, run, unpackInto, type Archive } from './packed.js';
import { REPOSITORY, type Publishable } from './publishable.js';

/** What an application of somebody else is like. */
export interface Stranger {
  /** How its own code is compiled and loaded. */
  readonly type: 'module' | 'commonjs';
  readonly nest: '11' | '12';
  /** The MongoDB driver's version, as an install is told it. */
  readonly driver: string;
}

/** Needs a package that an application may do without: NestJS's for OpenAPI. */
const NEEDS_MORE = ['@nestfold/admin/openapi'];

/**
 * Writes an application that has copied the README's example, with the packages as they were packed. Without `isInstalled`, packages of others are
 * those that lie here: nothing is downloaded.
 */
export async function writeStranger(
  folder: string,
  { type, nest, driver }: Stranger,
  packages: readonly Publishable[],
  archives: readonly Archive[],
  isInstalled: boolean,
): Promise<void> {
  const ours = Object.fromEntries(archives.map(({ name, path }) => [name, `file:${path}`]));
  const others = { ...(await othersOf(packages)), mongodb: driver };
  const versions = Object.entries(others).map(([name, version]) =>
    name.startsWith('@nestjs/') ? ([name, `^${nest}.0.0`] as const) : ([name, version] as const),
  );
  const manifest = {
    name: 'stranger',
    private: true,
    type,
    dependencies: { ...ours, ...Object.fromEntries(versions) },
  };
  await mkdir(join(folder, 'src'), { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: compilerOf(type), include: ['src'] }),
  );
  for (const source of ['readme/accounts.module.ts', 'readme/http.module.ts', 'packages/stranger.main.ts'])
    await cp(join(REPOSITORY, 'test', 'src', source), join(folder, 'src', source), { recursive: true });
  await writeFile(join(folder, 'src', 'entries.ts'), entriesOf(packages));
  if (isInstalled) await run(folder, 'npm', ['install', '--no-audit', '--no-fund', '--loglevel', 'error']);
  else {
    await mkdir(join(folder, 'node_modules'));
    await unpackInto(folder, archives);
    await layOthers(folder, nest === '11' ? 'tools/nest-11' : undefined);
  }
}

const compilerOf = (type: Stranger['type']) => ({
  target: 'ES2023',
  module: 'NodeNext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  types: ['node'],
  outDir: 'out',
  rootDir: 'src',
  noEmitOnError: true,
  // Our own declarations are among those that are then checked; in the other module system they are the same, and a check takes seconds.
  skipLibCheck: type === 'commonjs',
});

/** What the packages want beside them, and what an application has anyway: versions as the repository has them. */
async function othersOf(packages: readonly Publishable[]): Promise<Record<string, string>> {
  const { dependencies, devDependencies } = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const peers = packages.flatMap(({ manifest }) => Object.entries(manifest.peerDependencies ?? {}));
  const optional = packages.flatMap(({ manifest }) => Object.keys(manifest.peerDependenciesMeta ?? {}));
  const own = ['@nestjs/platform-express', 'class-validator', 'class-transformer', 'typescript', '@types/node'];
  const known = { ...dependencies, ...devDependencies };
  return Object.fromEntries([
    ...peers.filter(([name]) => !optional.includes(name)),
    ...own.map((name) => [name, known[name] ?? '*'] as const),
  ]);
}

/** A program that loads each entry of the packages, and prints how many names it found there. */
function entriesOf(packages: readonly Publishable[]): string {
  const entries = packages
    .flatMap(({ manifest }) => Object.keys(manifest.exports).map((entry) => `${manifest.name}${entry.slice(1)}`))
    .filter((entry) => !entry.endsWith('.json') && !NEEDS_MORE.includes(entry));
  return [
    "import 'reflect-metadata';",
    ...entries.map((entry, index) => `import * as entry${index} from '${entry}';`),
    `const found = { ${entries.map((entry, index) => `'${entry}': Object.keys(entry${index}).length`).join(', ')} };`,
    'console.log(JSON.stringify(found));',
    '',
  ].join('\n');
}
