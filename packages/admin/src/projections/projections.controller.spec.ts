import 'reflect-metadata';
import type { Problem } from '@nestfold/nestjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, audited, ended, start, stop, Total } from '../admin.fixture.js';
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

  it('are not rebuilt twice at once: 409 with the running one’s id [B-5]', async () => {
    const { hold, release } = await start();
    hold();
    const first = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    const second = await ask<Problem>('POST', '/projections/totals/rebuild');
    expect(second).toMatchObject({ status: 409, body: { code: 'rebuild.running', details: { id: first.body.id } } });
    release();
    await ended(first.body.id);
  });

  it('are not rebuilt where nobody is known, or the audit cannot be written [A-2]', async () => {
    await start({ actor: () => undefined });
    expect((await ask('POST', '/projections/totals/rebuild')).status).toBe(403);
    expect(await ask<Problem>('POST', '/projections/unknown/rebuild')).toMatchObject({ status: 404 });
    expect((await ask<ProjectionDto>('GET', '/projections/totals')).body).toMatchObject({
      state: 'live',
      generation: 1,
    });
  });

  it('show who feeds each part of them', async () => {
    const { nestfold } = await start();
    const { body } = await ask<ProjectionDto>('GET', '/projections/totals');
    const [node] = await nestfold.connection.nodes.list();
    expect(body.partitions).toEqual([
      { partition: 0, owner: node?.id, host: node?.host, lagEvents: 0, lagSeconds: 0, parked: 0 },
    ]);
  });

  it('are paused and resumed, and by whom is shown and written down [A-2]', async () => {
    const { nestfold } = await start();
    expect(await ask('POST', '/projections/totals/pause')).toMatchObject({ status: 202, body: { name: 'totals' } });
    const paused = await vi.waitFor(async () => {
      const { body } = await ask<ProjectionDto>('GET', '/projections/totals');
      expect(body.state).toBe('paused');
      return body.paused;
    }, 5_000);
    expect(paused).toMatchObject({ by: 'ada' });
    expect((await ask('POST', '/projections/totals/resume')).status).toBe(202);
    await vi.waitFor(async () => {
      expect((await ask<ProjectionDto>('GET', '/projections/totals')).body.state).toBe('live');
    }, 5_000);
    await nestfold.settled();
    expect(await audited()).toMatchObject([
      { type: '$admin.projection-pause-requested', projection: 'totals', actor: { id: 'ada' } },
      { type: '$admin.projection-resume-requested', projection: 'totals', actor: { id: 'ada' } },
    ]);
  });

  it('are rolled back to the former documents while these are fed: else 409 [B-8]', async () => {
    await start();
    expect(await ask<Problem>('POST', '/projections/totals/rollback')).toMatchObject({
      status: 409,
      body: { code: 'rollback.refused' },
    });
    const { body } = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    await ended(body.id);
    const back = await vi.waitFor(async () => {
      const answer = await ask<ProjectionDto>('POST', '/projections/totals/rollback');
      expect(answer.status).toBe(200);
      return answer.body;
    }, 10_000);
    expect(back).toMatchObject({ name: 'totals', generation: 1 });
  });

  it('tell where a rebuild is looked at, also under a prefix that looks like theirs', async () => {
    await start({}, '/admin/v1');
    const { headers, body } = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    expect(headers.get('location')).toBe(`/admin/v1/admin/rebuilds/${body.id}`);
    await ended(body.id);
  });

  it('are rebuilt as the body says', async () => {
    const { hold, release } = await start();
    hold();
    const { status, body } = await ask<RebuildDto>('POST', '/projections/totals/rebuild', {}, { throttle: 1_000 });
    expect([status, body.throttle]).toEqual([202, 1_000]);
    release();
    await ended(body.id);
    expect(await audited()).toMatchObject([
      { type: '$admin.rebuild-requested', projection: 'totals', throttle: 1_000 },
    ]);
  });

  it('take no rebuild that cannot be: 400 with everything that is wrong, and nothing is written down', async () => {
    await start();
    const wrong = { partitions: 0, throttle: '5', shards: 2 };
    const { status, body } = await ask<Problem>('POST', '/projections/totals/rebuild', {}, wrong);
    expect([status, body.errors?.map(({ path }) => path)]).toEqual([400, ['partitions', 'throttle', 'shards']]);
    expect(await ask<Problem>('POST', '/projections/totals/rebuild', {}, [])).toMatchObject({ status: 400 });
    expect(await audited()).toEqual([]);
    // One ordered reader feeds this projection, which only the engine knows.
    expect(await ask<Problem>('POST', '/projections/totals/rebuild', {}, { partitions: 2 })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'partitions' }] },
    });
  });

  it.each(['pause', 'resume', 'rollback'])(
    'answer 404 for %s of what is not there, and write nothing down',
    async (change) => {
      await start();
      expect((await ask('POST', `/projections/none/${change}`)).status).toBe(404);
      expect(await audited()).toEqual([]);
    },
  );
});
