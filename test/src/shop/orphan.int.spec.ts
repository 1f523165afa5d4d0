import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

// The compiled program: another process cannot load TypeScript.
const STUBBORN = fileURLToPath(new URL('../../dist/shop/stubborn.js', import.meta.url));
const STARTER = `require('node:child_process').fork(process.argv[1], { execArgv: [] }); setInterval(() => {}, 60_000);`;
const WITHIN_MS = 5_000;

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('program of the shop that another started', () => {
  // Without the limit in `endWithStarter` it stays for ever.
  it('ends within seconds of a kill -9 of its starter, also where its orderly end hangs', async () => {
    if (!existsSync(STUBBORN)) throw new Error(`${STUBBORN} is missing: run \`npx tsc -b\` first.`);
    const starter = spawn(process.execPath, ['-e', STARTER, STUBBORN], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(starter.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isThere(pid)).toBe(true);
    const ended = once(starter, 'exit');
    starter.kill('SIGKILL');
    await ended;
    try {
      await expect.poll(() => isThere(pid), { timeout: WITHIN_MS, interval: 50 }).toBe(false);
    } finally {
      if (isThere(pid)) process.kill(pid, 'SIGKILL');
    }
  });
});
