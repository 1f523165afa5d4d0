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
  /** Rejects when one of them ends of itself, with its name. */
  readonly broken: Promise<never>;
  stop(): Promise<void>;
}

/** Starts all three and answers when they are ready. Ends those that run already where one does not start. Throws what keeps it. */
export async function startTogether(options: TogetherOptions): Promise<Together> {
  const { mongodbUri, brokers, prefix, dataFolder, ports, say, wanted } = options;
  const run = (name: string, app: string, port: number, own: Readonly<Record<string, string>>): Child =>
    startChild({
      name,
      main: mainOf(app),
      env: {
        ...process.env,
        HOST: '127.0.0.1',
        PORT: `${port}`,
        MONGODB_URI: mongodbUri,
        DATA_DIR: dataFolder,
        ...own,
      },
      say,
    });
  const broker = { KAFKA_BROKERS: brokers.join(','), KAFKA_PREFIX: prefix };
  const { shopDatabase, analyticsDatabase, seed } = options;
  const children = [
    run('shop', 'shop', ports.shop, { MONGODB_DATABASE: shopDatabase, SEED: seed ? 'on' : 'off' }),
    run('relay', 'relay', ports.relay, { MONGODB_DATABASE: shopDatabase, ...broker }),
    run('analytics', 'analytics-service', ports.analytics, { MONGODB_DATABASE: analyticsDatabase, ...broker }),
  ] as const;
  const stop = async (): Promise<void> => void (await Promise.all(children.map((child) => child.stop())));
  const broken = Promise.race(
    children.map(({ name, ended }) => ended.then(() => Promise.reject(new Error(`The ${name} has ended.`)))),
  );
  broken.catch(() => undefined);
  try {
    const ready = Promise.all([addressOf(children[0]), addressOf(children[1]), addressOf(children[2])]);
    const [shop, relay, analytics] = await Promise.race([ready, broken, given(wanted)]);
    return { shop, relay, analytics, broken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where a program answers, once it says that it is ready. */
async function addressOf({ name, address }: Child): Promise<string> {
  const url = await address;
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await pause(100)) {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    if (answer?.status === 200) return url;
  }
  throw new Error(`The ${name} was not ready within ${READY_MS / 1_000} s: see GET ${url}/health/ready.`);
}

/** Rejects when nobody wants the start any more. */
function given(wanted: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const given = (): void => reject(new Error('The start was given up.'));
    if (wanted?.aborted === true) given();
    wanted?.addEventListener('abort', given, { once: true });
  });
}
