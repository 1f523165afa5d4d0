import 'reflect-metadata';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { EMPTY, of } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { AdminsOnly, adminUrl, ask, start, stop } from '../admin.fixture.js';
import { AdminModule, type AdminOptions } from '../index.js';
import { AdminGuard } from '../security/admin.guard.js';

afterEach(stop);

// Each removed once, each makes a case fail: nobody without a guard, no changes from other sites.
describe('AdminModule', () => {
  it('refuses to start without a guard [A-1]', () => {
    for (const guard of [undefined, [], {}, [AdminsOnly, undefined]]) {
      expect(() => AdminModule.forRoot({ guard } as unknown as AdminOptions)).toThrow(
        'AdminModule.forRoot got no guard',
      );
    }
  });

  it('lets nobody in but whom all guards let in [A-1]', async () => {
    await start();
    for (const path of [
      '/projections',
      '/projections/totals',
      '/rebuilds',
      '/rebuilds/x',
      '/dead-letters',
      '/dead-letters/x',
      '/feed',
      '/streams/counter-a',
      '/nodes',
      '/topics/counter/refused',
    ]) {
      expect((await fetch(`${adminUrl()}${path}`)).status, path).toBe(401);
      expect((await fetch(`${adminUrl()}${path}`, { headers: { authorization: 'customer' } })).status, path).toBe(403);
    }
    const changes = ['rebuild', 'pause', 'resume', 'rollback'].map((one) => `/projections/totals/${one}`);
    changes.push(...['cancel', 'pause', 'resume', 'throttle'].map((one) => `/rebuilds/x/${one}`));
    changes.push(...['retry', 'discard'].map((one) => `/dead-letters/x/${one}`));
    changes.push('/topics/counter/refused/redrive');
    for (const path of changes) {
      expect((await fetch(`${adminUrl()}${path}`, { method: 'POST' })).status, path).toBe(401);
      expect((await ask('POST', path, { 'sec-fetch-site': 'cross-site' })).status, path).toBe(403);
    }
  });

  it('lets nobody in where no guard says so [A-1]', async () => {
    const context = {
      switchToHttp: () => ({ getRequest: () => ({ method: 'GET', headers: {} }) }),
    } as ExecutionContext;
    expect(await new AdminGuard([]).canActivate(context)).toBe(false);
    expect(await new AdminGuard([{ canActivate: () => of(true) }]).canActivate(context)).toBe(true);
    expect(await new AdminGuard([{ canActivate: () => EMPTY }]).canActivate(context)).toBe(false);
  });

  it('asks every one of several guards [A-1]', async () => {
    class Nobody implements CanActivate {
      canActivate(): boolean {
        return false;
      }
    }
    await start({ guard: [AdminsOnly, Nobody] });
    expect((await ask('GET', '/nodes')).status).toBe(403);
  });
});
