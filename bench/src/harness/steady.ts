import { setTimeout as sleep } from 'node:timers/promises';

/** Calls at a steady rate, whatever earlier calls do, until told to end; answers when all calls are back. Calls do not throw. */
export async function steadily(perSecond: number, isOver: () => boolean, call: () => Promise<void>): Promise<number> {
  const started = performance.now();
  const calls = new Set<Promise<void>>();
  let count = 0;
  for (; !isOver(); count += 1) {
    const due = started + (count * 1000) / perSecond;
    if (due > performance.now()) await sleep(due - performance.now());
    const running: Promise<void> = call().finally(() => calls.delete(running));
    calls.add(running);
  }
  await Promise.all(calls);
  return count;
}
