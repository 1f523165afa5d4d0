import type { NestExpressApplication } from '@nestjs/platform-express';
import { once } from 'node:events';
import type { ShopConfig } from '../config/shop-config.js';

/** Listens where the settings say, and answers the address. */
export async function listen(
  app: NestExpressApplication,
  { host, port }: Pick<ShopConfig, 'host' | 'port'>,
): Promise<string> {
  const server = await app.listen(port, host);
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host}:${bound}`;
}

/** Waits for SIGTERM or SIGINT. */
export async function untilSignal(): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  await Promise.race([once(process, 'SIGTERM', { signal }), once(process, 'SIGINT', { signal })]).finally(() =>
    stop.abort(),
  );
}

/** Takes no more requests, lets those in flight end within the limit, and closes everything behind them. */
export async function shutDown(
  app: NestExpressApplication,
  { shutdownMs }: Pick<ShopConfig, 'shutdownMs'>,
): Promise<void> {
  const server = app.getHttpServer();
  const impatience = setTimeout(() => server.closeAllConnections(), shutdownMs);
  try {
    await app.close();
  } finally {
    clearTimeout(impatience);
  }
}
