import { announced } from '../support/progress.js';
import { assertReachable } from '../support/reachable.js';
import { fetchIntoCache } from './binary-cache.js';
import type { MongodSource } from './mongod.source.js';

/**
 * MongoDB's own download for this machine, through mongodb-memory-server-core, which knows the archives
 * of all systems. Its settings apply (`MONGOMS_VERSION`, `MONGOMS_DOWNLOAD_MIRROR`, …).
 * @internal
 */
export const officialDownloadSource: MongodSource = {
  name: 'official download',
  find: async (context) => {
    const { options, url, Download } = await prepareDownload(context.cacheFolder);
    // Without a network the download would be retried for 8 s before it fails.
    await assertReachable(url, context.env);
    return announced(`downloading MongoDB ${options.version}`, context.report, () =>
      fetchIntoCache(context, (folder) =>
        withCertificateCheck(() => new Download({ ...options, downloadDir: folder, checkMD5: true }).getMongodPath()),
      ),
    );
  },
};

// Imported when needed: it loads a second copy of the driver.
async function prepareDownload(downloadDir: string) {
  const [{ DryMongoBinary }, { MongoBinaryDownload }, { MongoBinaryDownloadUrl }] = await Promise.all([
    import('mongodb-memory-server-core/lib/util/DryMongoBinary.js'),
    import('mongodb-memory-server-core/lib/util/MongoBinaryDownload.js'),
    import('mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js'),
  ]);
  const options = await DryMongoBinary.generateOptions({ downloadDir });
  const url = new URL(await new MongoBinaryDownloadUrl({ ...options, platform: process.platform }).getDownloadUrl());
  return { options, url, Download: MongoBinaryDownload };
}

// The library accepts any certificate unless npm is told to be strict, and its checksum comes from the same
// server: without this the binary we are about to run could be anybody's.
async function withCertificateCheck<T>(download: () => Promise<T>): Promise<T> {
  const before = process.env['npm_config_strict_ssl'];
  process.env['npm_config_strict_ssl'] = 'true';
  try {
    return await download();
  } finally {
    if (before === undefined) delete process.env['npm_config_strict_ssl'];
    else process.env['npm_config_strict_ssl'] = before;
  }
}
