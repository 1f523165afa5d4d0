import { afterEach, expect, it, vi } from 'vitest';
import { endEnginesAfterEach, started } from '../fixtures/engines.fixture.js';
import { DailyTotalProjection } from '../fixtures/shop.fixture.js';
import { fast, memory } from '../fixtures/store.fixture.js';

endEnginesAfterEach();
afterEach(() => vi.restoreAllMocks());

// On Node 20 each signal that `AbortSignal.any` makes leaves about 60 bytes on its sources, for as long as these live: here those of the process.
it('a process that looks at its partitions again and again leaves nothing on signals that outlive that', async () => {
  const store = await memory();
  const one = await started(store, [DailyTotalProjection], { settings: { ...fast, leasePollMs: 5 } });
  await one.settled();
  const looks = vi.spyOn(store.nodes, 'list');
  const any = vi.spyOn(AbortSignal, 'any');
  await expect.poll(() => looks.mock.calls.length, { timeout: 10_000 }).toBeGreaterThan(20);
  expect(any).not.toHaveBeenCalled();
});
