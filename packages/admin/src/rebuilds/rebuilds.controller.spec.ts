import 'reflect-metadata';
import type { Problem } from '@nestfold/nestjs';
import type { Server } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { adminUrl, ask, audited, ended, start, stop, Total } from '../admin.fixture.js';
import type { RebuildDto } from '../index.js';

afterEach(stop);

// Ending the streams at a shutdown, removed once, makes the last case fail.
describe('rebuilds', () => {
  it('are cancelled, and the live read model stays', async () => {
    const { hold, release, nestfold } = await start();
    hold();
    const { body } = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    expect((await ask('POST', `/rebuilds/${body.id}/cancel`)).status).toBe(202);
    release();
    expect(await ended(body.id)).toMatchObject({ state: 'cancelled' });
    expect(await nestfold.readModel(Total).findById('all')).toMatchObject({ sum: 6 });
    expect(await ask<Problem>('POST', `/rebuilds/${body.id}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'rebuild.ended' },
    });
    expect((await ask('POST', '/rebuilds/none/cancel')).status).toBe(404);
    expect((await ask('GET', '/rebuilds/none')).status).toBe(404);
  });

  it('are listed, the latest first, so that one can be found whose id was not kept', async () => {
    const { nestfold } = await start();
    const { body: first } = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    await ended(first.id);
    const { body: second } = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    await ended(second.id);
    // One by one, and with the lags of all projections, they took all connections once there were many.
    const looks = vi.spyOn(nestfold.engine, 'rebuildStatus');
    const lags = vi.spyOn(nestfold.connection.feed, 'eventsAfter');
    const { status, body } = await ask<RebuildDto[]>('GET', '/rebuilds');
    expect([looks, lags].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
    expect(status).toBe(200);
    expect(body.map(({ id }) => id).slice(0, 2)).toEqual([second.id, first.id]);
    expect(body.at(-1)).toMatchObject({ projection: 'totals', state: 'done', startedBy: 'start' });
  });

  it('are followed as server-sent events until they end, with signs of life between', async () => {
    const { hold, release } = await start();
    hold();
    const { body } = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    const response = await fetch(`${adminUrl()}/rebuilds/${body.id}`, {
      headers: { authorization: 'admin', accept: 'text/event-stream' },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    let text = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      if (text.includes(': still running')) release();
    }
    const events = text.split('\n\n').filter((part) => part.startsWith('event: rebuild\ndata: '));
    const told = events.map((event) => JSON.parse(event.slice('event: rebuild\ndata: '.length)) as RebuildDto);
    expect(told.at(0)).toMatchObject({ state: 'running' });
    expect(told.at(0)).not.toHaveProperty('endedAt');
    const { processed, endedAt = '', startedAt, ...last } = told.at(-1) ?? ({} as RebuildDto);
    expect(last.state).toBe('done');
    expect(processed).toBeGreaterThan(0);
    expect(Date.parse(endedAt)).toBeGreaterThanOrEqual(Date.parse(startedAt));
    expect(text).toContain(': still running');
  });

  // Its `close` had come before anybody listened: the rebuild was asked for twice a second until it ended, if it ever did.
  it('are not followed for a caller who has left before that began', async () => {
    const { app, hold, release, nestfold } = await start();
    hold();
    const { body } = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    const look = nestfold.engine.rebuildStatus.bind(nestfold.engine);
    let answer = (): void => {};
    const gate = new Promise<void>((resolve) => (answer = resolve));
    const looks = vi.spyOn(nestfold.engine, 'rebuildStatus').mockImplementation(async (id) => (await gate, look(id)));
    const left = new Promise<void>((resolve) => {
      const server = app.getHttpServer() as Server;
      server.once('request', (_request, response) => response.once('close', resolve));
    });
    const caller = new AbortController();
    const headers = { authorization: 'admin', accept: 'text/event-stream' };
    const asked = fetch(`${adminUrl()}/rebuilds/${body.id}`, { headers, signal: caller.signal }).catch(() => undefined);
    await expect.poll(() => looks.mock.calls.length).toBe(1);
    caller.abort();
    await Promise.all([asked, left]);
    answer();
    // More than enough time for the stream to look again.
    for (let others = 0; others < 20; others += 1) await ask('GET', '/projections');
    expect(looks).toHaveBeenCalledOnce();
    release();
  });

  it('do not keep the application from closing while somebody follows', async () => {
    const { app: closing, hold, release } = await start();
    hold();
    const { body } = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    const response = await fetch(`${adminUrl()}/rebuilds/${body.id}`, {
      headers: { authorization: 'admin', accept: 'text/event-stream' },
    });
    const closed = closing.close();
    // Ends although the rebuild does not.
    expect(await response.text()).toContain('"state":"running"');
    release();
    await closed;
  });

  it('are paused, throttled and resumed while they run; 409 once they have ended', async () => {
    const { hold, release } = await start();
    hold();
    const { body } = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    const at = `/rebuilds/${body.id}`;
    expect(await ask('POST', `${at}/pause`)).toMatchObject({ status: 202, body: { state: 'running', paused: true } });
    expect(await ask('POST', `${at}/throttle`, {}, { eventsPerSecond: 50 })).toMatchObject({
      status: 202,
      body: { throttle: 50 },
    });
    expect((await ask<RebuildDto>('POST', `${at}/throttle`, {}, {})).body).not.toHaveProperty('throttle');
    expect(await ask<Problem>('POST', `${at}/throttle`, {}, { eventsPerSecond: 0, x: 1 })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'eventsPerSecond' }, { path: 'x' }] },
    });
    expect((await ask<RebuildDto>('POST', `${at}/resume`)).body).not.toHaveProperty('paused');
    release();
    await ended(body.id);
    for (const change of ['pause', 'resume', 'throttle']) {
      expect(await ask<Problem>('POST', `${at}/${change}`)).toMatchObject({
        status: 409,
        body: { code: 'rebuild.ended' },
      });
      expect((await ask('POST', `/rebuilds/none/${change}`)).status).toBe(404);
    }
    expect((await audited()).map(({ type }) => type).slice(0, 5)).toEqual([
      '$admin.rebuild-requested',
      '$admin.rebuild-pause-requested',
      '$admin.rebuild-throttle-requested',
      '$admin.rebuild-throttle-requested',
      '$admin.rebuild-resume-requested',
    ]);
  });
});
