import { AsyncLocalStorage } from 'node:async_hooks';
import type { WaitTarget } from '@nestfold/projections';

/** What was written in the course of one request or command, commands that its handlers executed included. */
export class Written {
  readonly commits: WaitTarget[] = [];

  constructor(private readonly surrounding: Written | undefined) {}

  note(commit: WaitTarget): void {
    this.commits.push(commit);
    this.surrounding?.note(commit);
  }
}

const storage = new AsyncLocalStorage<Written>();

/** Calls `run` so that what it writes is noted; what surrounds it notes it as well. */
export function notingWrites<R>(run: (written: Written) => R): R {
  const written = new Written(storage.getStore());
  return storage.run(written, () => run(written));
}

/** To be called after each write through a repository, repeated ones included. */
export function noteWrite(commit: WaitTarget): void {
  storage.getStore()?.note(commit);
}
