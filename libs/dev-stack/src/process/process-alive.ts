import { readFileSync } from 'node:fs';

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
  return process.platform !== 'linux' || !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    // "<pid> (<name>) <state> …", and the name may contain anything.
    const [state] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
    return state === 'Z' || state === 'X';
  } catch {
    return true;
  }
}
