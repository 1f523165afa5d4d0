import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { until } from '../support/until.js';

const entry = fileURLToPath(new URL('../../../apps/shop/dist/main.js', import.meta.url));

/** Ends the shop when the test's process ends, however that happens: their pipe closes. */
const LEASH = 'data:text/javascript,process.stdin.on("end",()=>process.exit(1)).resume();process.stdin.unref()';

/** A shop in a process of its own, so that it can be killed. */
export interface ShopProcess {
  readonly url: string;
  readonly pid: number;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Ends it as an operator would. */
  stop(): Promise<void>;
}

/** Starts the built shop on a free port (or a given one) and waits until it is ready. */
export async function startShop(environment: Readonly<Record<string, string>>, port?: number): Promise<ShopProcess> {
  const chosen = port ?? (await freePort());
  const child = spawn(process.execPath, ['--import', LEASH, entry], {
    env: { ...process.env, NODE_ENV: 'test', LOG_LEVEL: 'warn', SEED: 'off', PORT: String(chosen), ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const url = `http://127.0.0.1:${chosen}`;
  await until(`the shop at ${url} to be ready`, async () => {
    if (child.exitCode !== null)
      throw new Error(`The shop ended with ${child.exitCode}:\n${output.join('').slice(-4000)}`);
    return (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok;
  });
  return { url, pid: child.pid ?? 0, kill: () => end(child, 'SIGKILL'), stop: () => end(child, 'SIGTERM') };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
