import { lookup } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Env } from './cache-folder.js';

const LOOKUP_LIMIT_MS = 2_000;

/**
 * Throws an `Error` where a place, or the proxy on the way to it, has no address here: without a network that is said at once, where
 * a download would be tried for long.
 * @internal
 */
export async function assertReachable(url: URL, env: Env): Promise<void> {
  const host = proxyHost(env) ?? url.hostname;
  const outcome = await Promise.race([
    lookup(host).then(
      () => 'found',
      () => 'unknown host',
    ),
    delay(LOOKUP_LIMIT_MS, `no answer from DNS in ${LOOKUP_LIMIT_MS / 1_000} s`, { ref: false }),
  ]);
  if (outcome !== 'found') throw new Error(`${host} cannot be reached: ${outcome}`);
}

// Behind a proxy only the proxy itself needs an address here.
function proxyHost(env: Env): string | undefined {
  const proxy = env['https_proxy'] || env['HTTPS_PROXY'] || env['http_proxy'] || env['HTTP_PROXY'];
  return proxy && URL.canParse(proxy) ? new URL(proxy).hostname : undefined;
}
