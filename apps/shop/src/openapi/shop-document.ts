import { inMemory } from '@nestfold/core';
import { createPino, createShopApp, loadConfig, openApiDocument } from '@shop/platform';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shopModule } from '../shop.module.js';

/** The committed document: one level above `src/openapi` and `dist/openapi`. */
export const COMMITTED = fileURLToPath(new URL('../../openapi.json', import.meta.url));

/** The shop's OpenAPI document as the application generates it, as text. Connects to nothing. */
export async function shopDocument(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nestfold-openapi-'));
  try {
    const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'warn', DATA_DIR: folder });
    const pino = createPino(config.logLevel);
    const app = await createShopApp(shopModule(config, { store: inMemory(), pino }), pino);
    return `${JSON.stringify(openApiDocument(app), undefined, 2)}\n`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
