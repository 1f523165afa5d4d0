import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild, type Child } from './child.js';

// The compiled programs, whether this file runs compiled or from its source.
const mainOf = (app: string): string => fileURLToPath(new URL(`../../../${app}/dist/main.js`, import.meta.url));
const READY_MS = 60_000;

/** Where everything is kept, and where it is reached. Databases and broker are there already. */
export interface TogetherOptions {
  readonly mongodbUri: string;
  readonly shopDatabase: string;
  readonly analyticsDatabase: string;
  readonly brokers: readonly string[];
  /** What the names of topics begin with. */
  readonly prefix: string;
  /** The folder of the development issuer's key: a token of one service counts in the others. */
  readonly dataFolder: string;
  /** 0: any that is free. */
  readonly ports: { readonly shop: number; readonly relay: number; readonly analytics: number };
  /** Whether an empty shop is filled with samples. */
  readonly seed: boolean;
  readonly say: (line: string) => void;
  /** Ends the start. */
  readonly wanted?: AbortSignal;
}

/** The shop, its relay and the analytics service, each in a process of its own, and where they answer. */
export interface Together {
  readonly shop: string;
  readonly relay: string;
  readonly analytics: string;
  /** Comes when one of them has ended, with an error that says which, how, and what to do. */
  readonly broken: AbortSignal;
  stop(): Promise<void>;
}

/** Starts all three and answers when they are ready. Ends those that run already where one does not start. Throws what keeps it. */
export async function startTogether(options: TogetherOptions): Promise<Together> {
  const { mongodbUri, shopDatabase, analyticsDatabase, dataFolder, ports, seed, say, wanted } = options;
  const children: Child[] = [];
  const broken = new AbortController();
  const run = (name: string, app: string, port: number, own: Readonly<Record<string, string>>): Promise<string> => {
    const address = { HOST: '127.0.0.1', PORT: `${port}` };
    const env = { ...process.env, ...address, MONGODB_URI: mongodbUri, DATA_DIR: dataFolder, ...own };
    const child = startChild({ name, main: mainOf(app), env, say });
    children.push(child);
    void child.ended.then((ending) => broken.abort(new Error(ending)));
    return whenReady(child);
  };
  const stop = async (): Promise<void> => void (await Promise.all(children.map((child) => child.stop())));
  const broker = { KAFKA_BROKERS: options.brokers.join(','), KAFKA_PREFIX: options.prefix };
  const database = { MONGODB_DATABASE: shopDatabase };
  const start = () =>
    Promise.all([
      run('shop', 'shop', ports.shop, { ...database, SEED: seed ? 'on' : 'off' }),
      // Whoever reads topics waits for the relay to make them; it would do so by itself, and say so.
      run('relay', 'relay', ports.relay, { ...database, ...broker }).then(async (relay) => {
        const own = { MONGODB_DATABASE: analyticsDatabase, ...broker };
        return [relay, await run('analytics service', 'analytics-service', ports.analytics, own)] as const;
      }),
    ]);
  try {
    const [shop, [relay, analytics]] = await Promise.race([start(), rejection(broken.signal), rejection(wanted)]);
    return { shop, relay, analytics, broken: broken.signal, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where a program answers, once it says that it is ready. */
async function whenReady({ name, address, ended }: Child): Promise<string> {
  const url = await address;
  let isGone = false;
  void ended.then(() => (isGone = true));
  for (const deadline = Date.now() + READY_MS; !isGone && Date.now() < deadline; await pause(100)) {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    if (answer?.status === 200) return url;
  }
  if (isGone) throw new Error(await ended);
  throw new Error(`The ${name} was not ready within ${READY_MS / 1_000} s: see GET ${url}/health/ready.`);
}

/** Rejects with the signal's reason once it comes. */
export async function rejection(signal: AbortSignal | undefined): Promise<never> {
  if (signal === undefined) return new Promise(() => undefined);
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}
