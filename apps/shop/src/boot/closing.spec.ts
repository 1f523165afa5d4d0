import { describe, expect, it } from 'vitest';
import { Closing } from './closing.js';

describe('Closing', () => {
  it('closes what was opened last first, each once, one after the other', async () => {
    const order: string[] = [];
    const closing = new Closing();
    closing.add(async () => void order.push('database'));
    closing.add(async () => {
      await Promise.resolve();
      order.push('server');
    });
    await closing.close();
    await closing.close();
    expect(order).toEqual(['server', 'database']);
  });

  it('closes the rest where one fails, and then says so', async () => {
    const order: string[] = [];
    const closing = new Closing();
    closing.add(async () => void order.push('database'));
    closing.add(() => Promise.reject(new Error('stuck')));
    await expect(closing.close()).rejects.toThrow('stuck');
    expect(order).toEqual(['database']);
  });
});
