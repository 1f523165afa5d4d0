import type { INestApplication } from '@nestjs/common';
import { mongo } from '@nestfold/mongodb';
import { createPino, createShopApp, listen, shutDown, type ShopConfig } from '@shop/platform';
import { shopModule } from '../shop.module.js';
import { Closing } from './closing.js';
import { asListenProblem, requireFree } from './address.js';
import { openDatabase } from './database.js';

/** A shop that takes requests. */
export interface RunningShop {
  readonly app: INestApplication;
  /** Such as `http://localhost:3000`. */
  readonly address: string;
  /** Takes no more requests, lets those in flight end, and ends everything behind them, the database last. */
  stop(): Promise<void>;
}

/**
 * Starts the shop as the settings say. What had been opened is closed again where the start fails, or where `wanted` says between
 * two steps that it was given up (then the answer is `undefined`).
 */
export async function startShop(
  config: ShopConfig,
  wanted: AbortSignal = new AbortController().signal,
): Promise<RunningShop | undefined> {
  const closing = new Closing();
  try {
    const shop = await open(config, closing, wanted);
    if (shop === undefined) await closing.close();
    return shop;
  } catch (error) {
    await closing.close().catch(() => undefined);
    throw error;
  }
}

async function open(config: ShopConfig, closing: Closing, wanted: AbortSignal): Promise<RunningShop | undefined> {
  if (config.port !== 0) await requireFree(config);
  const uri = await openDatabase(config, closing);
  if (wanted.aborted) return undefined;
  const pino = createPino(config.logLevel);
  const store = mongo({ uri, database: config.mongodbDatabase });
  const app = await createShopApp(shopModule(config, { store, pino }), pino);
  closing.add(() => shutDown(app, config));
  const address = await listen(app, config).catch((error: unknown) => {
    throw asListenProblem(error, config);
  });
  if (wanted.aborted) return undefined;
  return { app, address, stop: () => closing.close() };
}
