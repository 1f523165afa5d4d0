import { join, resolve } from 'node:path';
import { startMongo } from '@nestfold/dev-stack';
import type { ShopConfig } from '@shop/platform';
import type { Closing } from './closing.js';

const DATABASE = 'shop';

/** Where the shop keeps its data. */
export interface ShopDatabase {
  readonly uri: string;
  readonly name: string;
  /** The servers, fit for a screen: the URI may hold a password. */
  readonly servers: string;
}

/** The database that is named, else one on a server started here, which ends with the shop. */
export async function openDatabase(
  { mongodbUri, mongodbDatabase, dataFolder }: ShopConfig,
  closing: Closing,
  say: (line: string) => void,
): Promise<ShopDatabase> {
  if (mongodbUri !== undefined) return databaseOf(mongodbUri, mongodbDatabase);
  const root = resolve(dataFolder);
  say('starting MongoDB …');
  const server = await startMongo({ persistent: { root, folder: mongoFolderOf(dataFolder) } });
  closing.add(() => server.stop());
  return databaseOf(server.uri, mongodbDatabase);
}

/** Where MongoDB's data lies when the shop starts it. */
export function mongoFolderOf(dataFolder: string): string {
  return join(resolve(dataFolder), 'mongo');
}

/** The name that is stated, else the URI's, else `shop`. */
export function databaseOf(uri: string, stated: string | undefined): ShopDatabase {
  const [, servers = '', path = ''] = /^[^/]*\/\/(?:[^/]*@)?([^/?]*)(?:\/([^?]*))?/.exec(uri) ?? [];
  return { uri, name: stated ?? (decodeURIComponent(path) || DATABASE), servers };
}
