import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { dropDatabase } from '@nestfold/dev-stack';

// The compiled program, whether this file runs compiled or from its source.
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const READY_MS = 120_000;
const STOP_MS = 40_000;

/** A shop that was started for the demo. */
export interface OwnShop {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a shop of its own, in a process of its own: a free port, data that is thrown away, samples. */
export async function startOwnShop(say: (line: string) => void): Promise<OwnShop> {
  const folder = await mkdtemp(join(tmpdir(), 'nestfold-demo-'));
  const port = await freePort();
  const database = `demo_${process.pid}`;
  const shop = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: folder,
      MONGODB_DATABASE: database,
      SEED: 'on',
      LOG_LEVEL: 'warn',
    },
    // The channel tells the shop when this process is gone, however it ended.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [shop.stdout, shop.stderr]) {
    if (stream)
      createInterface(stream).on('line', (line) =>
        line.startsWith('Filling') || line.startsWith('Samples') || stream === shop.stderr
          ? say(`  ${line}`)
          : undefined,
      );
  }
  const stop = async (): Promise<void> => {
    await end(shop);
    await rm(folder, { recursive: true, force: true });
    const uri = process.env['MONGODB_URI'];
    // Its own server went with its folder; somebody else's would keep the data.
    if (uri)
      await dropDatabase(uri, database).catch((error: unknown) => say(`${database} was not deleted: ${String(error)}`));
  };
  try {
    const url = `http://127.0.0.1:${port}`;
    await ready(url, shop);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(url: string, shop: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    if (answer?.status === 200) return;
    if (shop.exitCode !== null || shop.signalCode !== null) throw new Error('The shop for the demo did not start.');
    if (Date.now() > deadline) throw new Error(`The shop for the demo was not ready within ${READY_MS / 1_000} s.`);
    await pause(100);
  }
}

async function end(shop: ChildProcess): Promise<void> {
  if (shop.exitCode !== null || shop.signalCode !== null) return;
  const gone = once(shop, 'exit');
  shop.kill('SIGTERM');
  const limit = setTimeout(() => shop.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(limit);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
