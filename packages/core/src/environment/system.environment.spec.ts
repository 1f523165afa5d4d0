import { describe, expect, it, vi } from 'vitest';
import { isUuid } from '../identity/uuid.js';
import { systemEnvironment } from './system.environment.js';

const HOUR = 3_600_000;

describe('systemEnvironment', () => {
  it('ends a sleep at once when its signal aborts, before or during it, without an error', async () => {
    await expect(systemEnvironment.sleep(HOUR, AbortSignal.abort())).resolves.toBeUndefined();
    const controller = new AbortController();
    const asleep = systemEnvironment.sleep(HOUR, controller.signal);
    controller.abort();
    await expect(asleep).resolves.toBeUndefined();
  });

  it('sleeps, and calls periodically until it is told to stop', async () => {
    vi.useFakeTimers();
    try {
      const slept = vi.fn();
      void systemEnvironment.sleep(1000).then(slept);
      const task = vi.fn();
      const stop = systemEnvironment.every(100, task);
      await vi.advanceTimersByTimeAsync(999);
      expect([slept.mock.calls.length, task.mock.calls.length]).toEqual([0, 9]);
      await vi.advanceTimersByTimeAsync(1);
      stop();
      await vi.advanceTimersByTimeAsync(1000);
      expect([slept.mock.calls.length, task.mock.calls.length]).toEqual([1, 10]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('gives the machine’s time, chance and ids', () => {
    expect(Math.abs(systemEnvironment.now() - Date.now())).toBeLessThan(10_000);
    const chance = systemEnvironment.random();
    expect(chance >= 0 && chance < 1).toBe(true);
    expect(isUuid(systemEnvironment.uuid())).toBe(true);
    expect(systemEnvironment.uuid()).not.toBe(systemEnvironment.uuid());
  });
});
