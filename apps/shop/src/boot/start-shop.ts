import type { INestApplication } from '@nestjs/common';
import { mongo } from '@nestfold/mongodb';
import { createPino, createShopApp, listen, shutDown, type ShopConfig } from '@shop/platform';
import { shopModule } from '../shop.module.js';
import { Closing } from './closing.js';
import { asListenProblem, requireFree } from './address.js';
import { awaitedStore } from './await-store.js';
import { requireOnlyOne } from './already-running.js';
import { openDatabase, type ShopDatabase } from './database.js';

// Whoever tries something out wants to hear soon; a deployment may start everything at once.
const CONNECT_MS = { development: 10_000, test: 10_000, production: 30_000 };

/** A shop that takes requests. */
export interface RunningShop {
  readonly app: INestApplication;
  /** Such as `http://localhost:3000`. */
  readonly address: string;
  readonly database: ShopDatabase;
  /** Takes no more requests, lets those in flight end, and ends everything behind them, the database last. */
  stop(): Promise<void>;
}

/** How a start is followed and given up. */
export interface StartOptions {
  /** Ends the start; the answer is then `undefined`. */
  readonly wanted?: AbortSignal;
  /** Hears what takes time. */
  readonly say?: (line: string) => void;
}

/** Starts the shop as the settings say. What had been opened is closed again where the start fails or is given up. */
export async function startShop(
  config: ShopConfig,
  { wanted = new AbortController().signal, say = () => undefined }: StartOptions = {},
): Promise<RunningShop | undefined> {
  const closing = new Closing();
  try {
    const shop = await open(config, closing, wanted, say);
    if (shop === undefined) await closing.close();
    return shop;
  } catch (error) {
    await closing.close().catch(() => undefined);
    if (error === wanted.reason) return undefined;
    throw error;
  }
}

async function open(
  config: ShopConfig,
  closing: Closing,
  wanted: AbortSignal,
  say: (line: string) => void,
): Promise<RunningShop | undefined> {
  await requireOnlyOne(config);
  if (config.port !== 0) await requireFree(config);
  const database = await openDatabase(config, closing, say);
  if (wanted.aborted) return undefined;
  const pino = createPino(config.logLevel);
  const { uri, name, servers } = database;
  const store = awaitedStore(mongo({ uri, database: name }), servers, say, wanted);
  const parts = { store, pino, connectWithinMs: CONNECT_MS[config.environment] };
  const app = await createShopApp(shopModule(config, parts), pino);
  closing.add(() => shutDown(app, config));
  const address = await listen(app, config).catch((error: unknown) => {
    throw asListenProblem(error, config);
  });
  if (wanted.aborted) return undefined;
  return { app, address, database, stop: () => closing.close() };
}
