import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '@nestfold/dev-stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packInto, run, type Archive } from './packed.js';
import { publishable } from './publishable.js';
import { writeStranger, type Stranger } from './stranger-application.js';

// `npm run test:strangers` installs all from the registry, under the oldest driver as well; here packages of others are those that lie here.
const isInstalled = process.env['NESTFOLD_STRANGERS'] === 'install';
const drivers = isInstalled ? ['^7.0.0', '6.21.0'] : ['^7.0.0'];
const strangers: Stranger[] = drivers.flatMap((driver) =>
  (['11', '12'] as const).flatMap((nest) => (['module', 'commonjs'] as const).map((type) => ({ type, nest, driver }))),
);

/** For vitest and the command line: no application loads them. */
const NOT_LOADED = ['@nestfold/testing', '@nestfold/dev-stack', 'create-nestfold'];
const packages = publishable().filter(({ manifest }) => !NOT_LOADED.includes(manifest.name));

let folder: string;
let archives: Archive[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nestfold-strangers-'));
  archives = await packInto(join(folder, 'archives'), packages);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
});

// Two copies of a class, an entry that only `import` finds, types that only one of the two module systems sees: each fails here.
describe.each(strangers)(
  'in an application ($type, NestJS $nest, driver $driver)',
  { timeout: 300_000 },
  (stranger) => {
    const { type, nest, driver } = stranger;
    const name = `${type}_${nest}_${driver.replaceAll(/\W/g, '')}`;
    const database = testDatabase('stranger');
    const node = (...args: string[]) =>
      run(join(folder, name), process.execPath, args, { MONGODB_URI: uriOf(database) });
    afterAll(() => database.drop());

    it('all entries have types, and load [I-1]', async () => {
      await writeStranger(join(folder, name), stranger, packages, archives, isInstalled);
      await node('node_modules/typescript/bin/tsc', '-p', '.');
      const found = JSON.parse(await node('out/entries.js')) as Record<string, number>;
      expect(found).toMatchObject({
        '@nestfold/core': expect.any(Number),
        '@nestfold/nestjs/client': expect.any(Number),
      });
      for (const [entry, names] of Object.entries(found)) expect(names, entry).toBeGreaterThan(0);
    });

    it('the README’s example serves HTTP [I-1]', async () => {
      const printed = await node('out/packages/stranger.main.js');
      expect(JSON.parse(printed.trim().split('\n').at(-1) ?? '')).toMatchObject({
        statuses: [202, 202, 400],
        account: { _id: 'a1', owner: 'Ada', cents: 250 },
        projections: [{ name: 'accounts', state: 'live' }],
      });
    });
  },
);

function uriOf({ uri, name }: TestDatabase): string {
  const address = new URL(uri);
  address.pathname = `/${name}`;
  return address.toString();
}
