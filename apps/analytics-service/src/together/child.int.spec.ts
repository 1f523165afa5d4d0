import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild, type Child } from './child.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nestfold-child-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function started(name: string, program: string): Promise<Child> {
  const main = join(folder, `${name}.mjs`);
  await writeFile(main, program);
  return startChild({ name, main, env: process.env, say: () => undefined });
}

// It was "The analytics has ended.", and at the start "see above", which is pages away.
describe('a program that ends unasked', () => {
  it('is told of by name, with its exit code, its last lines and what to do', async () => {
    const child = await started(
      'relay',
      "for (let n = 1; n <= 20; n += 1) console.log(`line ${n}`);\nconsole.error('KAFKA_BROKERS: is needed');\nprocess.exitCode = 3;",
    );
    const ending = await child.ended;
    expect(ending).toMatch(
      /^The relay \(process \d+\) ended with exit code 3, so all of it is stopped\.\nIts last lines:\n/,
    );
    expect(ending).toMatch(/\n {2}line 20\n/);
    expect(ending).toMatch(/\n {2}KAFKA_BROKERS: is needed\n/);
    expect(ending).not.toMatch(/line 5\n/);
    expect(ending).toMatch(/\nMend what they say, then start again: .*LOG_LEVEL=info/);
    await expect(child.address).rejects.toThrow(ending);
  });

  it('is told of with the signal that ended it, also where it had said nothing', async () => {
    const child = await started('analytics', "process.kill(process.pid, 'SIGKILL');");
    expect(await child.ended).toMatch(
      /^The analytics \(process \d+\) ended by SIGKILL, so .*\nIt had written nothing\.\n/,
    );
  });
});
