import { inMemory, inMemoryTransport } from '@nestfold/core';
import { createPino, createShopApp, loadConfig, openApiDocument } from '@shop/platform';
import { SHOP_TOPICS } from '@shop/service';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ABOUT, analyticsService } from '../analytics-service.module.js';

/** The committed document: one level above `src/openapi` and `dist/openapi`. */
export const COMMITTED = fileURLToPath(new URL('../../openapi.json', import.meta.url));

/** The service's OpenAPI document as the application generates it, as text. Connects to nothing. */
export async function analyticsDocument(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nestfold-openapi-'));
  try {
    const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'warn', DATA_DIR: folder });
    const pino = createPino(config.logLevel);
    const transport = inMemoryTransport(SHOP_TOPICS);
    const app = await createShopApp(analyticsService(config, { store: inMemory(), transport, pino }), pino, ABOUT);
    return `${JSON.stringify(openApiDocument(app, ABOUT), undefined, 2)}\n`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
