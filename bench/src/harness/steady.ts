import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls at a steady rate, whatever earlier calls do, until told to end; answers when all calls are back. Calls do not throw. With `atOnce` calls on their way
 * it waits, so that what cannot keep up is seen by its rate, not by a queue that grows for ever.
 */
export async function steadily(
  perSecond: number,
  isOver: () => boolean,
  call: () => Promise<void>,
  atOnce = Number.POSITIVE_INFINITY,
): Promise<number> {
  const started = performance.now();
  const calls = new Set<Promise<void>>();
  let count = 0;
  for (; !isOver(); count += 1) {
    const due = started + (count * 1000) / perSecond;
    if (due > performance.now()) await sleep(due - performance.now());
    while (calls.size >= atOnce) await Promise.race(calls);
    const running: Promise<void> = call().finally(() => calls.delete(running));
    calls.add(running);
  }
  await Promise.all(calls);
  return count;
}
