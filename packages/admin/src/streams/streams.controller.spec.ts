import 'reflect-metadata';
import type { Problem } from '@nestfold/nestjs';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, ended, start, stop } from '../admin.fixture.js';
import type { RebuildDto, StreamDto } from '../index.js';

afterEach(stop);

// The audit's append removed once makes its case fail.
describe('streams', () => {
  it('are shown in pages, with their state at a version or a moment', async () => {
    await start();
    const { body } = await ask<StreamDto>('GET', '/streams/counter-a?from=2&limit=1&at=2');
    expect(body).toMatchObject({
      name: 'counter-a',
      version: 3,
      events: [{ version: 2, type: 'counter.raised', schema: 1, data: { by: 2 }, actor: { id: 'anna' } }],
      next: 3,
      state: { version: 2, state: { sum: 3 } },
    });
    expect(body.events[0]?.recordedAt).toMatch(/^\d{4}-.*Z$/);
    const last = await ask<StreamDto>('GET', `/streams/counter-a?from=3&at=${new Date().toISOString()}`);
    expect(last.body).toMatchObject({ state: { version: 3, state: { sum: 6 } } });
    expect(last.body).not.toHaveProperty('next');
    expect((await ask<StreamDto>('GET', '/streams/counter-a?from=9')).body.events).toEqual([]);
  });

  it.each([
    '/streams/counter-b',
    '/streams/unknown-a',
    '/streams/nodash',
    '/streams/-a',
    '/streams/%24ne',
    '/streams/__proto__',
    '/streams/counter-a?at=2001-01-01T00:00:00Z',
  ])('answer 404 for %s', async (path) => {
    await start();
    expect(await ask<Problem>('GET', path)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it.each([
    'from=0',
    'limit=0',
    'limit=1001',
    'from=x',
    'at=0',
    'at=yesterday',
    'from=1&from=2',
    'at=-1',
    'at[$ne]=1',
    'limit[]=1',
    'from=1&$where=1',
    'form=1',
  ])('refuse the query %s', async (query) => {
    await start();
    expect(await ask<Problem>('GET', `/streams/counter-a?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'message.invalid' },
    });
  });

  it('hold the audit of every change, with its actor [A-2]', async () => {
    await start();
    const { body: rebuild } = await ask<RebuildDto>('POST', '/projections/totals/rebuild', {
      'x-correlation-id': 'talk-7',
    });
    await ended(rebuild.id);
    await ask('POST', `/rebuilds/${rebuild.id}/cancel`);
    const { body } = await ask<StreamDto>('GET', `/streams/$admin-${new Date().toISOString().slice(0, 7)}`);
    expect(body.events).toEqual([
      expect.objectContaining({
        type: '$admin.rebuild-requested',
        data: { projection: 'totals', actor: { id: 'ada', roles: ['admin'] } },
        correlationId: 'talk-7',
      }),
      expect.objectContaining({
        type: '$admin.rebuild-cancel-requested',
        data: { rebuild: rebuild.id, actor: { id: 'ada', roles: ['admin'] } },
      }),
    ]);
  });
});
