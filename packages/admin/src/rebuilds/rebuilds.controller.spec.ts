import 'reflect-metadata';
import type { Problem } from '@nestfold/nestjs';
import { afterEach, describe, expect, it } from 'vitest';
import { adminUrl, ask, ended, start, stop, Total } from '../admin.fixture.js';
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
    const states = events.map(
      (event) => (JSON.parse(event.slice('event: rebuild\ndata: '.length)) as RebuildDto).state,
    );
    expect(states.at(0)).toBe('running');
    expect(states.at(-1)).toBe('done');
    expect(text).toContain(': still running');
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
});
