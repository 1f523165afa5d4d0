import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import { isZombie } from './process-alive.js';

/** What the system tells of a process. */
async function told(state: string, ...threads: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'stat'), `7 (a) b) (c) ${state} 1 7 7 0 -1`);
  for (const thread of threads) await mkdir(join(folder, 'task', thread), { recursive: true });
  return folder;
}

describe('a process that is ending', () => {
  // Without the look at its threads a start found the predecessor gone, its port taken, and moved to another one.
  it.each([
    ['runs', false, 'S', ['7', '8']],
    ['has its ports and files while one of its threads is left', false, 'Z', ['7', '8']],
    ['is gone when nothing but its id is left', true, 'Z', ['7']],
  ])('%s', async (_what, isGone, state, threads) => {
    expect(isZombie(await told(state, ...threads))).toBe(isGone);
  });

  it('is gone where the system knows nothing of it any more', () => {
    expect(isZombie('/nonexistent')).toBe(true);
  });
});
