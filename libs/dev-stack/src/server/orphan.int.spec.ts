import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isProcessAlive } from '../process/process-alive.js';
import { waitFor } from '../support/wait-for.js';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import { startOwner, type OwnerProcess } from '../testing/owner-process.fixture.js';

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function waitUntilGone({ nodes }: OwnerProcess): Promise<void> {
  await waitFor({ what: 'mongod to be gone', timeoutMs: 20_000 }, () =>
    nodes.every(({ pid }) => pid !== undefined && !isProcessAlive(pid)),
  );
}

describe('a server whose owner has ended', () => {
  it.each(['SIGKILL', 'SIGINT', 'SIGTERM', 'exit'] as const)('is gone with its data after %s', async (how) => {
    const owner = await startOwner({ ephemeral: {} });
    const folder = dirname(dirname(owner.nodes[0]?.dataFolder ?? ''));
    expect(isProcessAlive(owner.nodes[0]?.pid ?? 0)).toBe(true);
    expect(await exists(folder)).toBe(true);

    await owner.end(how);
    await waitUntilGone(owner);
    await waitFor({ what: 'the data to be deleted', timeoutMs: 10_000 }, async () => !(await exists(folder)));
  });

  it('is gone with all three nodes after SIGKILL', async () => {
    const owner = await startOwner({ ephemeral: { nodes: 3 } });
    await owner.end('SIGKILL');
    await waitUntilGone(owner);
  });

  it('is gone but keeps its data where that is to be kept', async () => {
    const owner = await startOwner({ persistent: { root: await temporaryFolder() } });
    await owner.end('SIGKILL');
    await waitUntilGone(owner);
    expect(await exists(owner.nodes[0]?.dataFolder ?? '')).toBe(true);
  });
});
