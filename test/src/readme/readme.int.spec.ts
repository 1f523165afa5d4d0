import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { testDatabase } from '@nestfold/dev-stack';
import { NestFactory } from '@nestjs/core';
import type { NextFunction } from 'express';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const rootOf = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const textOf = (path: string): string => readFileSync(rootOf(path), 'utf8');
const shown = (file: string): string => `\`\`\`ts\n${textOf(`test/src/readme/${file}`)}\`\`\``;

const readme = textOf('README.md');
const database = testDatabase('readme');

beforeAll(() => {
  const uri = new URL(database.uri);
  uri.pathname = `/${database.name}`;
  vi.stubEnv('MONGODB_URI', uri.toString());
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await database.drop();
});

describe('README', () => {
  it('shows both files of the example as they are compiled and run here', () => {
    expect(readme).toContain(shown('accounts.module.ts'));
    expect(readme).toContain(shown('main.ts'));
  });

  it('shows a program that works, and works again', async () => {
    for (let time = 1; time <= 2; time += 1) {
      const printed = vi.spyOn(console, 'log').mockReturnValue();
      vi.resetModules();
      await import('./main.js');
      const [[account] = []] = printed.mock.calls;
      printed.mockRestore();
      expect(account).toEqual({ _id: expect.any(String), owner: 'Ada', cents: 250 });
    }
  });

  it('names every setting that the shop and its services read, and no other', () => {
    const read = [
      'libs/platform/src/config/environment-schema.ts',
      'libs/service/src/config/service-config.ts',
    ].flatMap((schema) => textOf(schema).match(/^ {2,4}[A-Z_]+(?=:)/gm) ?? []);
    const [, table = ''] = /## Settings of the shop\n([^#]+)/.exec(readme) ?? [];
    const named = [...table.matchAll(/^\| (.+?) +\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name),
    );
    expect(read.length).toBeGreaterThan(10);
    const all = new Set([...read.map((name) => name.trim()), 'NESTFOLD_CACHE', 'NESTFOLD_MONGOD']);
    expect(named.sort()).toEqual([...all].sort());
  });
});

describe('the READMEs of packages', () => {
  it('show the HTTP side as it is compiled and run here', () => {
    expect(textOf('packages/nestjs/README.md')).toContain(shown('http.module.ts'));
  });

  it('show an HTTP side that works: commands, queries, problems, endpoints for administrators alone', async () => {
    // Here, as the example's own: programs that run twice have left another copy of each module.
    const [{ HttpModule }, { Nestfold }] = await Promise.all([
      import('./http.module.js'),
      import('./copied-nestfold.js'),
    ]);
    const app = await NestFactory.create(HttpModule, { logger: false });
    // Stands for the application's authentication.
    app.use(
      (request: { headers: Record<string, string | undefined>; user?: object }, _: object, next: NextFunction) => {
        const id = request.headers['authorization'];
        if (id !== undefined) request.user = { id, roles: [id] };
        next();
      },
    );
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const send = async (path: string, body?: object, user = 'ada') => {
      const headers = { authorization: user, 'content-type': 'application/json' };
      const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
      const response = await fetch(`${url}${path}`, init);
      return { status: response.status, body: await response.json() };
    };
    try {
      expect(await send('/accounts', { accountId: 'h1', owner: 'Ada' })).toMatchObject({ status: 202 });
      expect(await send('/accounts/deposits', { accountId: 'h1', cents: 250 })).toMatchObject({ status: 202 });
      expect(await send('/accounts/deposits', { accountId: 'h1', cents: -1 })).toMatchObject({
        status: 400,
        body: { code: 'message.invalid', errors: [{ path: 'cents' }] },
      });
      await app.get(Nestfold).settled();
      expect(await send('/accounts/h1')).toMatchObject({ status: 200, body: { owner: 'Ada', cents: 250 } });
      expect(await send('/accounts/h2')).toMatchObject({ status: 404, body: { code: 'not-found' } });
      expect(await send('/admin/projections')).toMatchObject({ status: 403 });
      expect(await send('/admin/projections', undefined, 'admin')).toMatchObject({
        status: 200,
        body: [{ name: 'accounts', state: 'live' }],
      });
    } finally {
      await app.close();
    }
  });
});
