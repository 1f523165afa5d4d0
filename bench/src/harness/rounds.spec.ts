import { describe, expect, it, vi } from 'vitest';
import { alternate } from './rounds.js';

describe('rounds', () => {
  it('alternate after one that does not count, and say which one runs: it may take seconds', async () => {
    const printed = vi.spyOn(console, 'log').mockReturnValue();
    const order: string[] = [];
    const side = (name: string) => async () => order.push(name);
    const { ours, twin } = await alternate('append.1', 2, side('ours'), side('twin'));
    const lines = printed.mock.calls.map(([line]) => line as string);
    printed.mockRestore();
    expect(order).toEqual(['ours', 'twin', 'ours', 'twin', 'twin', 'ours']);
    expect([ours, twin]).toEqual([
      [3, 6],
      [4, 5],
    ]);
    expect(lines).toEqual(['▶ append.1 … warming up', '▶ append.1 … round 1 of 2', '▶ append.1 … round 2 of 2']);
  });
});
