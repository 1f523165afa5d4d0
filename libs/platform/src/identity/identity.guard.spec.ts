import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { Public, Roles } from './access.decorators.js';
import { AdminGuard } from './admin.guard.js';
import { DevelopmentIssuer } from './development.issuer.js';
import { Forbidden, InvalidToken } from './identity.errors.js';
import { IdentityGuard } from './identity.guard.js';

class Routes {
  silent(): void {}

  @Public()
  open(): void {}

  @Roles('customer')
  forCustomers(): void {}
}

/** A request to a route, with what its answer gets. */
function contextOf(route: 'silent' | 'open' | 'forCustomers', authorization?: string) {
  const request = { headers: { ...(authorization !== undefined && { authorization }) } };
  const answered = new Map<string, string>();
  const response = { setHeader: (name: string, value: string) => answered.set(name, value) };
  const context = {
    getHandler: () => Routes.prototype[route],
    getClass: () => Routes,
    switchToHttp: () => ({ getRequest: () => request, getResponse: () => response }),
  } as unknown as ExecutionContext;
  return { context, request, answered };
}

describe('the identity guard', () => {
  const issuer = new DevelopmentIssuer();
  const guard = new IdentityGuard(new Reflector(), issuer);
  const bearer = async (user: 'admin' | 'customer') => `Bearer ${await issuer.issue(`${user}@shop.test`, user)}`;

  it('lets everybody in where a route is public, without looking at the token', async () => {
    expect(await guard.canActivate(contextOf('open').context)).toBe(true);
    expect(await guard.canActivate(contextOf('open', 'Bearer x').context)).toBe(true);
  });

  it('lets the roles in that a route names, and tells who it is', async () => {
    const { context, request } = contextOf('forCustomers', await bearer('customer'));
    expect(await guard.canActivate(context)).toBe(true);
    expect(request).toMatchObject({ principal: { id: 'customer', roles: ['customer'] } });
    const { context: wrong } = contextOf('forCustomers', await bearer('admin'));
    await expect(guard.canActivate(wrong)).rejects.toBeInstanceOf(Forbidden);
  });

  it('lets admins alone in where a route says nothing [A-4]', async () => {
    expect(await guard.canActivate(contextOf('silent', await bearer('admin')).context)).toBe(true);
    const { context } = contextOf('silent', await bearer('customer'));
    await expect(guard.canActivate(context)).rejects.toBeInstanceOf(Forbidden);
    await expect(guard.canActivate(contextOf('silent').context)).rejects.toBeInstanceOf(InvalidToken);
  });

  it('wants the token in one form only', async () => {
    const token = (await bearer('customer')).slice(7);
    for (const header of [
      token,
      `Basic ${token}`,
      `Bearer  ${token}`,
      `Bearer ${token} x`,
      `Bearer ${'a'.repeat(9_000)}.b.c`,
    ]) {
      const { context, answered } = contextOf('forCustomers', header);
      await expect(guard.canActivate(context)).rejects.toBeInstanceOf(InvalidToken);
      expect(answered.get('WWW-Authenticate')).toBe('Bearer');
    }
  });
});

describe('the admin guard', () => {
  it('lets nobody in but admins, and nobody whom no guard before it knows', async () => {
    const issuer = new DevelopmentIssuer();
    const admins = new AdminGuard();
    for (const [user, allowed] of [
      ['admin', true],
      ['customer', false],
    ] as const) {
      const { context } = contextOf('open', 'x');
      const principal = await issuer.verify(await issuer.issue(`${user}@shop.test`, user));
      Object.assign(context.switchToHttp().getRequest<object>(), { principal });
      if (allowed) expect(admins.canActivate(context)).toBe(true);
      else expect(() => admins.canActivate(context)).toThrow(Forbidden);
    }
    expect(() => admins.canActivate(contextOf('open').context)).toThrow(Forbidden);
  });
});
