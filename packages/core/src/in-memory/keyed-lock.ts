/** Lets one task a key run at a time, in the order of asking. A task must not ask for its own key again. */
export class KeyedLock {
  private readonly last = new Map<string, Promise<void>>();

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.last.get(key);
    const { promise: over, resolve: end } = newPromise();
    this.last.set(key, over);
    try {
      await before;
      return await task();
    } finally {
      if (this.last.get(key) === over) this.last.delete(key);
      end();
    }
  }
}

function newPromise(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
