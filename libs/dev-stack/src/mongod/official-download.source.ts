import { lookup } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { announced } from '../support/progress.js';
import { fetchIntoCache } from './binary-cache.js';
import type { MongodSource, SourceContext } from './mongod.source.js';

const LOOKUP_LIMIT_MS = 2_000;

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
    await assertResolvable(proxyHost(context.env) ?? url.hostname);
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

// Behind a proxy only the proxy itself needs an address here.
function proxyHost(env: SourceContext['env']): string | undefined {
  const proxy = env['https_proxy'] || env['HTTPS_PROXY'] || env['http_proxy'] || env['HTTP_PROXY'];
  return proxy && URL.canParse(proxy) ? new URL(proxy).hostname : undefined;
}

async function assertResolvable(host: string): Promise<void> {
  const outcome = await Promise.race([
    lookup(host).then(
      () => 'found',
      () => 'unknown host',
    ),
    delay(LOOKUP_LIMIT_MS, `no answer from DNS in ${LOOKUP_LIMIT_MS / 1_000} s`, { ref: false }),
  ]);
  if (outcome !== 'found') throw new Error(`${host} cannot be reached: ${outcome}`);
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
