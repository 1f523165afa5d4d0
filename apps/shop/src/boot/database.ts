import { join, resolve } from 'node:path';
import { startMongo } from '@nestfold/dev-stack';
import type { ShopConfig } from '@shop/platform';
import type { Closing } from './closing.js';

/** The address of the database: the one that is named, else that of a server started here, which ends with the shop. */
export async function openDatabase({ mongodbUri, dataFolder }: ShopConfig, closing: Closing): Promise<string> {
  if (mongodbUri !== undefined) return mongodbUri;
  const root = resolve(dataFolder);
  const server = await startMongo({ persistent: { root, folder: join(root, 'mongo') } });
  closing.add(() => server.stop());
  return server.uri;
}
