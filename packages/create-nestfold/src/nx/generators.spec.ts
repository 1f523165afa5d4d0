import { describe, expect, it } from 'vitest';
import { Choice } from '../application/contexts.js';
import { namesOf } from '../application/names.js';
import { planApplication } from '../application/plan.js';
import { ownTemplate } from '../template/packed-template.js';
import { MemoryTree } from '../workspace/memory-tree.js';
import { aggregateGenerator, type NxTree } from './generators.js';

describe('a generator for Nx', () => {
  const names = namesOf('an application', 'corner-shop');
  const files = new MemoryTree(new Map(planApplication(ownTemplate(), { names, choice: Choice.of('orders') })));
  const nx: NxTree = {
    root: import.meta.dirname,
    exists: (path) => files.exists(path),
    read: (path) => files.read(path),
    children: (folder) => [...files.children(folder)],
    write: (path, text) => files.write(path, text),
  };

  it('writes into the tree of Nx what the command writes, laid by the workspace’s Prettier', async () => {
    await aggregateGenerator(nx, { name: 'parcel', context: 'orders' });
    expect(files.read('libs/orders/src/orders.module.ts')).toMatch(/\n {6}aggregates: \[Order, Parcel\],\n/);
    expect(files.exists('libs/orders/src/domain/parcel.aggregate.spec.ts')).toBe(true);
  });

  it('refuses what the command refuses', async () => {
    await expect(aggregateGenerator(nx, { name: 'order', context: 'orders' })).rejects.toThrow(
      'nothing is overwritten',
    );
  });
});
