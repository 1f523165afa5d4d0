import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

// The compiled program: another process cannot load TypeScript.
const STUBBORN = fileURLToPath(new URL('../../dist/shop/stubborn.js', import.meta.url));
const STARTER = `
  const { fork } = require('node:child_process');
  for (const how of ['ready', 'loading']) fork(process.argv[1], [how], { execArgv: [] });
  setInterval(() => {}, 60_000);
`;
const WITHIN_MS = 5_000;

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('program of the shop that another started', () => {
  // Without the limit in `endWithStarter` it stays for ever, and so does one that is still loading then without the look whether its starter is there.
  it('ends within seconds of a kill -9 of its starter, also where its orderly end hangs, and where it is still loading', async () => {
    if (!existsSync(STUBBORN)) throw new Error(`${STUBBORN} is missing: run \`npx tsc -b\` first.`);
    const starter = spawn(process.execPath, ['-e', STARTER, STUBBORN], { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    starter.stdout.on('data', (text: Buffer) => (told += text.toString()));
    await expect.poll(() => told, { timeout: 30_000 }).toMatch(/\d\n\d+\n$/);
    const pids = told.trim().split('\n').map(Number);
    const left = (): number[] => pids.filter(isThere);
    expect(left()).toHaveLength(2);
    const ended = once(starter, 'exit');
    starter.kill('SIGKILL');
    await ended;
    try {
      await expect.poll(left, { timeout: WITHIN_MS, interval: 50 }).toEqual([]);
    } finally {
      for (const pid of left()) process.kill(pid, 'SIGKILL');
    }
  });
});
