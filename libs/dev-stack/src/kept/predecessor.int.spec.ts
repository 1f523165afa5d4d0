import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import { writeState } from './kept-state.js';
import { lockHolder } from '../server/persistent.server.js';
import { awaitPredecessor, type KeptData } from './predecessor.js';

/** A process that only waits; it stands for an owner or a mongod. */
function bystander(): ChildProcess & { readonly pid: number } {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child as ChildProcess & { readonly pid: number };
}

async function deadPid(): Promise<number> {
  const child = bystander();
  child.kill('SIGKILL');
  await once(child, 'exit');
  return child.pid;
}

async function dataHeldBy(holder: number): Promise<KeptData> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data', 'mongod.lock'), `${holder}\n`);
  return { folder, product: 'MongoDB', program: 'mongod', holder: () => lockHolder(folder) };
}

const secondsAgo = (seconds: number) => Date.now() - seconds * 1_000;

describe('awaitPredecessor', () => {
  it('leaves the mongod of a crashed owner to its watchdog at first', async () => {
    const mongod = bystander();
    const data = await dataHeldBy(mongod.pid);
    await writeState(data.folder, { port: 27_500, ownerPid: await deadPid(), serverPid: mongod.pid });
    await awaitPredecessor(data, secondsAgo(1));
    expect(mongod.signalCode).toBeNull();
  });

  it('asks it to shut down when no watchdog has done so', async () => {
    const mongod = bystander();
    const exit = once(mongod, 'exit');
    const data = await dataHeldBy(mongod.pid);
    await writeState(data.folder, { port: 27_500, ownerPid: await deadPid(), serverPid: mongod.pid });
    await awaitPredecessor(data, secondsAgo(6));
    expect(await exit).toEqual([null, 'SIGTERM']);
  });

  it('touches no mongod that the crashed owner had not started, and gives up on it', async () => {
    const byHand = bystander();
    const data = await dataHeldBy(byHand.pid);
    await writeState(data.folder, { port: 27_500, ownerPid: await deadPid(), serverPid: await deadPid() });
    await awaitPredecessor(data, secondsAgo(6));
    expect(byHand.signalCode).toBeNull();
    await expect(awaitPredecessor(data, secondsAgo(26))).rejects.toMatchObject({
      code: 'DATA_FOLDER_IN_USE',
      message: expect.stringContaining(`process ${byHand.pid}`) as string,
    });
    expect(byHand.signalCode).toBeNull();
  });

  it('refuses at once while the owner lives', async () => {
    const [owner, mongod] = [bystander(), bystander()];
    const data = await dataHeldBy(mongod.pid);
    await writeState(data.folder, { port: 27_500, ownerPid: owner.pid, serverPid: mongod.pid });
    await expect(awaitPredecessor(data, Date.now())).rejects.toThrow(
      `in use by process ${owner.pid}, which runs its MongoDB on port 27500`,
    );
  });
});
