import { say } from './report.js';

/**
 * Runs two sides in alternation, ours first in every other round, after one round each that does not count (`warm`: they need none). Says which round
 * runs, since one may take seconds.
 */
export async function alternate<T>(
  label: string,
  rounds: number,
  ours: () => Promise<T>,
  twin: () => Promise<T>,
  { warm = false }: { readonly warm?: boolean } = {},
): Promise<{ ours: T[]; twin: T[] }> {
  if (!warm) {
    say(label, 'warming up');
    await ours();
    await twin();
  }
  const results: { ours: T[]; twin: T[] } = { ours: [], twin: [] };
  for (let round = 0; round < rounds; round += 1) {
    say(label, `round ${round + 1} of ${rounds}`);
    const order = round % 2 === 0 ? (['ours', 'twin'] as const) : (['twin', 'ours'] as const);
    for (const side of order) results[side].push(await (side === 'ours' ? ours() : twin()));
  }
  return results;
}

/** Keeps `callers` calls in flight for a while; answers the calls per second and each call's milliseconds. */
export async function closedLoop(
  callers: number,
  milliseconds: number,
  call: () => Promise<unknown>,
): Promise<{ perSecond: number; latencies: number[] }> {
  const latencies: number[] = [];
  const started = performance.now();
  const end = started + milliseconds;
  const caller = async (): Promise<void> => {
    for (let before = performance.now(); before < end; before = performance.now()) {
      await call();
      latencies.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { perSecond: (latencies.length * 1000) / (performance.now() - started), latencies };
}
