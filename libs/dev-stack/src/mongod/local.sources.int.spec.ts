import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeMachine, writeFakeMongod } from '../testing/fake-mongod.fixture.js';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import { cacheSource, pathSource } from './local.sources.js';
import { resolveBinary } from './resolve-mongod.js';

describe('NESTFOLD_MONGOD', () => {
  it('is taken before the other sources', async () => {
    const named = await writeFakeMongod(join(await temporaryFolder(), 'named'), '6.0.5');
    expect(await resolveBinary(fakeMachine({ env: { NESTFOLD_MONGOD: named } }), [])).toEqual({
      kind: 'binary',
      source: 'NESTFOLD_MONGOD',
      path: named,
      version: '6.0.5',
    });
  });

  it('is an error when it does not run, not a reason to take another', async () => {
    const folder = await temporaryFolder();
    await writeFakeMongod(join(folder, 'mongod'), '6.0.5');
    const machine = fakeMachine({ env: { NESTFOLD_MONGOD: join(folder, 'absent'), PATH: folder } });
    await expect(resolveBinary(machine, [pathSource])).rejects.toThrow(
      /NESTFOLD_MONGOD cannot be used: .*no such file/,
    );
  });
});

describe('pathSource', () => {
  it('finds the first mongod on PATH that runs', async () => {
    const [broken, good] = [await temporaryFolder(), await temporaryFolder()];
    await writeFile(join(broken, 'mongod'), 'no program', { mode: 0o755 });
    const path = await writeFakeMongod(join(good, 'mongod'), '7.0.14');
    const machine = fakeMachine({ env: { PATH: ['/nonexistent', broken, good].join(delimiter) } });
    expect(await pathSource.find(machine)).toEqual({ path, version: '7.0.14' });
  });

  it('refuses a server that is too old, and says so', async () => {
    const folder = await temporaryFolder();
    await writeFakeMongod(join(folder, 'mongod'), '4.4.29');
    await expect(pathSource.find(fakeMachine({ env: { PATH: folder } }))).rejects.toThrow(
      /MongoDB 4\.4\.29; 6\.0 or newer is needed/,
    );
  });

  it('says when there is none', async () => {
    await expect(pathSource.find(fakeMachine({ env: { PATH: '/nonexistent' } }))).rejects.toThrow('no mongod on PATH');
  });
});

describe('cacheSource', () => {
  it('takes the newest cached version', async () => {
    const cacheFolder = await temporaryFolder();
    await writeFakeMongod(join(cacheFolder, 'mongod-6.0.5', 'mongod'), '6.0.5');
    const path = await writeFakeMongod(join(cacheFolder, 'mongod-6.0.10', 'mongod'), '6.0.10');
    expect(await cacheSource.find(fakeMachine({ cacheFolder }))).toEqual({ path, version: '6.0.10' });
  });

  it('ignores what an interrupted fetch left behind', async () => {
    const cacheFolder = await temporaryFolder();
    await writeFakeMongod(join(cacheFolder, '.fetch-a1b2c3', 'mongod'), '6.0.5');
    await expect(cacheSource.find(fakeMachine({ cacheFolder }))).rejects.toThrow('nothing cached in');
  });
});
