import 'reflect-metadata';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, start, stop } from '../admin.fixture.js';
import type { NodeDto } from '../index.js';

afterEach(stop);

describe('nodes', () => {
  it('are listed with what they compiled', async () => {
    await start();
    const { body } = await ask<NodeDto[]>('GET', '/nodes');
    expect(body).toEqual([
      expect.objectContaining({
        build: 'b1',
        alive: true,
        projections: { totals: 2 },
        commands: ['Raise'],
        roles: ['commands', 'queries', 'projections', 'handlers'],
      }),
    ]);
  });
});
