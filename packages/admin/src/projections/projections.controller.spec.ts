import 'reflect-metadata';
import type { Problem } from '@nestfold/nestjs';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, ended, start, stop, Total } from '../admin.fixture.js';
import type { ProjectionDto, RebuildDto } from '../index.js';

afterEach(stop);

describe('projections', () => {
  it('are listed and shown', async () => {
    await start();
    const { status, body } = await ask<ProjectionDto[]>('GET', '/projections');
    expect(status).toBe(200);
    expect(body).toEqual([
      expect.objectContaining({ name: 'totals', version: 2, state: 'live', generation: 1, lagEvents: 0, parked: 0 }),
    ]);
    expect((await ask<ProjectionDto>('GET', '/projections/totals')).body).toMatchObject({
      name: 'totals',
      state: 'live',
    });
    expect(await ask<Problem>('GET', '/projections/%24ne')).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('are rebuilt: 202 with the rebuild and where to follow it', async () => {
    const { nestfold } = await start();
    const { status, headers, body } = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    expect(status).toBe(202);
    expect(body).toMatchObject({ projection: 'totals', startedBy: 'ada' });
    expect(headers.get('location')).toBe(`/admin/rebuilds/${body.id}`);
    expect(await ended(body.id)).toMatchObject({ id: body.id, state: 'done' });
    expect(await nestfold.readModel(Total).findById('all')).toMatchObject({ sum: 6 });
    expect((await ask<ProjectionDto>('GET', '/projections/totals')).body).toMatchObject({ generation: 2 });
  });

  it('name the place of a rebuild behind a prefix', async () => {
    await start({}, '/api');
    const { headers, body } = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    expect(headers.get('location')).toBe(`/api/admin/rebuilds/${body.id}`);
    await ended(body.id);
  });

  it('are not rebuilt twice at once: 409 with the running one’s id', async () => {
    const { hold, release } = await start();
    hold();
    const first = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    const second = await ask<Problem>('POST', '/projections/totals/rebuild');
    expect(second).toMatchObject({ status: 409, body: { code: 'rebuild.running', details: { id: first.body.id } } });
    release();
    await ended(first.body.id);
  });

  it('are not rebuilt where nobody is known, or the audit cannot be written', async () => {
    await start({ actor: () => undefined });
    expect((await ask('POST', '/projections/totals/rebuild')).status).toBe(403);
    expect(await ask<Problem>('POST', '/projections/unknown/rebuild')).toMatchObject({ status: 404 });
    expect((await ask<ProjectionDto>('GET', '/projections/totals')).body).toMatchObject({
      state: 'live',
      generation: 1,
    });
  });
});
