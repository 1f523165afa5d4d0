import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { fakeMachine, writeFakeMongod } from '../testing/fake-mongod.fixture.js';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import { officialDownloadSource } from './official-download.source.js';

const ARCHIVE = 'mongodb-linux-x86_64-debian12-8.2.6.tgz';

// The library tells its progress.
beforeEach(() => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  onTestFinished(() => log.mockRestore());
});

/** A download server of one archive and its checksum; the address of the archive is given to the library. */
async function serve(checksumOf: (archive: Uint8Array) => string): Promise<void> {
  const folder = await temporaryFolder();
  await writeFakeMongod(join(folder, 'mongodb-8.2.6', 'bin', 'mongod'), '8.2.6');
  await promisify(execFile)('tar', ['-czf', ARCHIVE, 'mongodb-8.2.6'], { cwd: folder });
  const archive = new Uint8Array(await readFile(join(folder, ARCHIVE)));
  const server = createServer((request, response) => {
    response.end(request.url?.endsWith('.md5') === true ? `${checksumOf(archive)}  ${ARCHIVE}` : archive);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  vi.stubEnv('MONGOMS_DOWNLOAD_URL', `http://127.0.0.1:${port}/${ARCHIVE}`);
  vi.stubEnv('MONGOMS_USE_HTTP', 'true');
  onTestFinished(() => void vi.unstubAllEnvs());
}

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

describe('officialDownloadSource', () => {
  it('puts the downloaded mongod into the cache', async () => {
    await serve(md5);
    const cacheFolder = await temporaryFolder();
    const found = await officialDownloadSource.find(fakeMachine({ cacheFolder }));
    expect(found).toEqual({ path: join(cacheFolder, 'mongod-8.2.6', 'mongod'), version: '8.2.6' });
    expect(await readdir(cacheFolder)).toEqual(['mongod-8.2.6']);
  });

  it('refuses an archive with another checksum', async () => {
    await serve(() => '0'.repeat(32));
    const cacheFolder = await temporaryFolder();
    await expect(officialDownloadSource.find(fakeMachine({ cacheFolder }))).rejects.toThrow(/MD5|checksum/i);
    expect(await readdir(cacheFolder)).toEqual([]);
  });

  it('gives up at once when the host has no address', async () => {
    vi.stubEnv('MONGOMS_DOWNLOAD_URL', `https://no-such-host.invalid/${ARCHIVE}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const started = Date.now();
    await expect(officialDownloadSource.find(fakeMachine())).rejects.toThrow(
      /no-such-host\.invalid cannot be reached: (unknown host|no answer from DNS)/,
    );
    expect(Date.now() - started).toBeLessThan(4_000);
  });
});
