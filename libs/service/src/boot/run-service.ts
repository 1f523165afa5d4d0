import type { DynamicModule } from '@nestjs/common';
import { isNestfoldError } from '@nestfold/core';
import {
  createPino,
  createShopApp,
  endWithStarter,
  listen,
  shutDown,
  untilSignal,
  type ApiDescription,
} from '@shop/platform';
import type { Logger } from 'pino';
import type { ServiceConfig } from '../config/service-config.js';

// What closes after the last request: the engine, its readers, the connections.
const BEHIND_REQUESTS_MS = 20_000;

/** A service, as its `main.ts` states it. */
export interface Service {
  /** What it is called on the screen and in the log. */
  readonly name: string;
  readonly about: ApiDescription;
  /** Throws a `ConfigurationError` for an environment in which it cannot run. */
  readonly config: () => ServiceConfig;
  readonly compose: (config: ServiceConfig, pino: Logger) => DynamicModule;
}

/**
 * Runs a service until SIGINT or SIGTERM, or until the program that started it with a channel is gone (`endWithStarter`). A start that fails is told on the
 * screen, without a stack where the remedy is the reader's, and ends the process with 1.
 */
export async function runService(service: Service): Promise<void> {
  endWithStarter();
  try {
    await serve(service);
  } catch (error) {
    const told = isNestfoldError(error) || !(error instanceof Error) ? String(error) : (error.stack ?? error.message);
    process.stderr.write(`\nThe ${service.name} did not start.\n${told}\n`);
    process.exitCode = 1;
  }
}

async function serve({ name, about, config: read, compose }: Service): Promise<void> {
  const config = read();
  const asked = untilSignal().then(() => limitShutdown(config));
  const pino = createPino(config.logLevel, undefined, name);
  const app = await createShopApp(compose(config, pino), pino, about);
  try {
    const address = await listen(app, config);
    process.stdout.write(`The ${name} is ready at ${address}\n`);
    await asked;
  } finally {
    await shutDown(app, config);
  }
}

/** Nothing hangs: what has not closed by then is left behind. */
function limitShutdown({ shutdownMs }: ServiceConfig): void {
  const limit = setTimeout(() => {
    process.stderr.write('The shutdown took too long and was cut short.\n');
    process.exit(1);
  }, shutdownMs + BEHIND_REQUESTS_MS);
  limit.unref();
}
