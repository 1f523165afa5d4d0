import { untilSignal, type ShopConfig } from '@shop/platform';
import { composition } from '../contexts.js';
import { banner } from './banner.js';
import { startShop } from './start-shop.js';

// What closes after the last request: the engine, the connections, the database.
const BEHIND_REQUESTS_MS = 20_000;

/** Runs the shop until SIGINT or SIGTERM, which also ends a start that is under way. Throws what keeps it from starting. */
export async function runShop(
  config: ShopConfig,
  say: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<void> {
  const stop = new AbortController();
  const asked = untilSignal().then(() => {
    say('\nStopping …');
    stop.abort();
    limitShutdown(config);
  });
  const shop = await startShop(config, { wanted: stop.signal, say });
  if (shop === undefined) return;
  say(banner(shop, config));
  const filling = config.seed ? composition.fill(shop.app, { say, signal: stop.signal }) : Promise.resolve();
  // The shop serves without what it was to be filled with.
  const filled = filling.catch((error: unknown) => say(`The shop was not filled: ${String(error)}`));
  await asked;
  await filled;
  await shop.stop();
  say('Stopped.');
}

/** Nothing hangs: what has not closed by then is left behind, and the database's watchdog ends the database. */
function limitShutdown({ shutdownMs }: ShopConfig): void {
  const limit = setTimeout(() => {
    process.stderr.write('The shutdown took too long and was cut short.\n');
    process.exit(1);
  }, shutdownMs + BEHIND_REQUESTS_MS);
  limit.unref();
}
