import 'reflect-metadata';
import type { CanActivate } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { AdminsOnly, adminUrl, ask, start, stop } from '../admin.fixture.js';
import { AdminModule, type AdminOptions } from '../index.js';

afterEach(stop);

describe('AdminModule', () => {
  it('refuses to start without a guard', () => {
    for (const guard of [undefined, [], {}, [AdminsOnly, undefined]]) {
      expect(() => AdminModule.forRoot({ guard } as unknown as AdminOptions)).toThrow(
        'AdminModule.forRoot got no guard',
      );
    }
  });

  it('lets nobody in but whom all guards let in', async () => {
    await start();
    for (const path of ['/projections', '/projections/totals', '/rebuilds/x', '/streams/counter-a', '/nodes']) {
      expect((await fetch(`${adminUrl()}${path}`)).status, path).toBe(401);
      expect((await fetch(`${adminUrl()}${path}`, { headers: { authorization: 'customer' } })).status, path).toBe(403);
    }
    for (const path of ['/projections/totals/rebuild', '/rebuilds/x/cancel']) {
      expect((await fetch(`${adminUrl()}${path}`, { method: 'POST' })).status, path).toBe(401);
      expect((await ask('POST', path, { 'sec-fetch-site': 'cross-site' })).status, path).toBe(403);
    }
  });

  it('asks every one of several guards', async () => {
    class Nobody implements CanActivate {
      canActivate(): boolean {
        return false;
      }
    }
    await start({ guard: [AdminsOnly, Nobody] });
    expect((await ask('GET', '/nodes')).status).toBe(403);
  });
});
