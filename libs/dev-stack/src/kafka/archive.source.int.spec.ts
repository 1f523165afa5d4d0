import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fakeMachine, writeFakeJava } from '../testing/fake-java.fixture.js';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import type { Web } from '../support/web.js';
import { archiveSource } from './archive.source.js';

const NAME = 'kafka_2.13-3.9.1';
const PLACE = `https://archive.apache.org/dist/kafka/3.9.1/${NAME}.tgz`;

/** Stands for the place of the archives; `told` makes what it says of the checksum. */
async function siteTelling(told: (hash: string) => string): Promise<Web> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, NAME, 'libs'), { recursive: true });
  await writeFile(join(folder, NAME, 'libs', `${NAME}.jar`), 'a jar');
  const archive = join(folder, 'archive.tgz');
  await promisify(execFile)('tar', ['-czf', archive, '-C', folder, NAME]);
  const hash = createHash('sha512')
    .update(await readFile(archive))
    .digest('hex');
  return {
    text: async (url) => {
      expect(url).toBe(`${PLACE}.sha512`);
      return told(hash);
    },
    save: async (url, file) => {
      expect(url).toBe(PLACE);
      await rename(archive, file);
    },
  };
}

const machine = async () =>
  fakeMachine({
    java: await writeFakeJava(join(await temporaryFolder(), 'java')),
    cacheFolder: await temporaryFolder(),
  });

/** As gpg prints it: in capitals, in groups, over lines. */
const asGpg = (hash: string) =>
  `${NAME}.tgz: ${(hash.toUpperCase().match(/.{1,8}/g) ?? []).join(' ').replaceAll(/(.{60})/g, '$1\n   ')}\n`;

describe('archiveSource', () => {
  it.each([
    ['gpg', asGpg],
    ['sha512sum', (hash: string) => `${hash}  ${NAME}.tgz\n`],
  ])(
    'puts the libraries of an archive into the cache whose checksum is told as %s does, with settings for its log',
    async (_form, told) => {
      const context = await machine();
      const libs = join(context.cacheFolder, 'kafka-3.9.1');
      expect(await archiveSource(await siteTelling(told)).find(context)).toEqual({ libs, version: '3.9.1' });
      expect(await readdir(context.cacheFolder)).toEqual(['kafka-3.9.1']);
      expect((await readdir(libs)).sort()).toEqual([`${NAME}.jar`, 'log4j.properties', 'log4j2.properties']);
    },
  );

  it.each([
    ['another', (hash: string) => hash.replaceAll(/[0-9]/g, 'a'), 'checksum mismatch, refused'],
    ['none', () => '<html>Not here</html>', 'its checksum cannot be read'],
  ])('refuses an archive whose checksum is %s', async (_which, told, message) => {
    const context = await machine();
    await expect(archiveSource(await siteTelling(told)).find(context)).rejects.toThrow(message);
    expect(await readdir(context.cacheFolder)).toEqual([]);
  });
});
