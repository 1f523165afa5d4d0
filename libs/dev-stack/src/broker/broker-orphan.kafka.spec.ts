import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isProcessAlive } from '../process/process-alive.js';
import { waitFor } from '../support/wait-for.js';
import { startBrokerOwner, type BrokerOwner } from '../testing/owner-process.fixture.js';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function waitUntilGone({ broker: { pid } }: BrokerOwner): Promise<void> {
  await waitFor({ what: 'the broker to be gone', timeoutMs: 15_000 }, () => !isProcessAlive(pid ?? 0));
}

describe('a broker whose owner has ended', () => {
  // The other ways out are those of mongod, whose specs take them all.
  it('is gone with its data after kill -9', async () => {
    const owner = await startBrokerOwner({ ephemeral: {} });
    const folder = dirname(owner.broker.dataFolder ?? '');
    expect(isProcessAlive(owner.broker.pid ?? 0)).toBe(true);
    expect(await exists(folder)).toBe(true);

    await owner.end('SIGKILL');
    await waitUntilGone(owner);
    await waitFor({ what: 'the data to be deleted', timeoutMs: 10_000 }, async () => !(await exists(folder)));
  });

  it('is gone but keeps its data where that is to be kept', async () => {
    const owner = await startBrokerOwner({ persistent: { root: await temporaryFolder() } });
    await owner.end('SIGKILL');
    await waitUntilGone(owner);
    expect(await exists(owner.broker.dataFolder ?? '')).toBe(true);
  });
});
