import { readdirSync, readFileSync } from 'node:fs';

/**
 * Whether a process with this id runs; one that belongs to another user counts as running.
 *
 * A zombie does not: it has ended, but in a container whose first process collects no children it keeps its
 * id for good.
 * @internal
 */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return process.platform !== 'linux' || !isZombie(`/proc/${pid}`);
}

/**
 * Whether nothing of a process is left but its id, by its folder in `/proc`. While only its first thread has ended it is called a zombie as
 * well, but the others still have its ports and its files: for milliseconds, or much longer where the machine has more to do.
 * @internal
 */
export function isZombie(folder: string): boolean {
  try {
    // "<pid> (<name>) <state> …", and the name may contain anything.
    const [state] = readFileSync(`${folder}/stat`, 'utf8').split(') ').at(-1) ?? '';
    return (state === 'Z' || state === 'X') && readdirSync(`${folder}/task`).length <= 1;
  } catch {
    return true;
  }
}
