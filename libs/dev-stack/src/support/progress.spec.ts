import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { announced, withProgress } from './progress.js';

describe('withProgress', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const stepOf = (milliseconds: number) => () =>
    new Promise<string>((resolve) => setTimeout(resolve, milliseconds, 'done'));

  it('stays silent while a step is short', async () => {
    const lines: string[] = [];
    const result = withProgress('waiting', (line) => lines.push(line), stepOf(1_900));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await result).toBe('done');
    expect(lines).toEqual([]);
  });

  it('says at once what a step waits for that surely takes long', async () => {
    const lines: string[] = [];
    const result = announced('fetching', (line) => lines.push(line), stepOf(2_500));
    expect(lines).toEqual(['fetching …']);
    await vi.advanceTimersByTimeAsync(20_000);
    await result;
    expect(lines).toEqual(['fetching …', 'fetching … 2 s']);
  });

  it('says every two seconds what a longer step waits for, and stops with it', async () => {
    const lines: string[] = [];
    const result = withProgress('waiting', (line) => lines.push(line), stepOf(5_000));
    await vi.advanceTimersByTimeAsync(20_000);
    await result;
    expect(lines).toEqual(['waiting … 2 s', 'waiting … 4 s']);
  });
});
