import 'reflect-metadata';
import type { EventContext } from '@nestfold/core';
import type { Problem } from '@nestfold/nestjs';
import { On, Projection, writes } from '@nestfold/projections';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, audited, Raised, start, stop } from '../admin.fixture.js';
import type { StreamRebuildDto } from '../index.js';

afterEach(stop);

class Counter {
  _id!: string;
  sum!: number;
}
@Projection('counters', { version: 1, readModels: [Counter], slicing: 'stream' })
class Counters {
  @On(Raised) raised({ by }: Raised, { stream }: EventContext) {
    if (broken) throw new Error('The printer is on fire.');
    return writes(Counter).increment(stream, { sum: by }, { initial: { sum: 0 } });
  }
}
let broken = false;

const path = (stream: string, projection = 'counters') => `/projections/${projection}/streams/${stream}/rebuild`;

/** Waits for the end of the rebuild of the counter. */
const over = (id: string): Promise<StreamRebuildDto> =>
  vi.waitFor(async () => {
    const { body } = await ask<StreamRebuildDto>('GET', path('counter-a'));
    expect(body).toMatchObject({ id });
    expect(body.state).not.toBe('requested');
    return body;
  }, 10_000);

describe('what one stream feeds', () => {
  it('is made anew: 202 with where to look how it went, and who asked is written down', async () => {
    broken = false;
    const { nestfold } = await start({}, '/api', [Counters]);
    expect(await ask('GET', path('counter-a'))).toMatchObject({ status: 404 });
    const { status, headers, body } = await ask<StreamRebuildDto>('POST', path('counter-a'));
    expect([status, headers.get('location')]).toEqual([202, `/api/admin${path('counter-a')}`]);
    expect(body).toMatchObject({ projection: 'counters', stream: 'counter-a', requestedBy: 'ada' });
    const ended = await over(body.id);
    expect(ended).toMatchObject({ state: 'done', version: 3, generation: 'counters.1.1' });
    expect(ended.endedAt).toBeDefined();
    expect(await nestfold.readModel(Counter).findById('counter-a')).toEqual({ _id: 'counter-a', sum: 6 });
    expect(await audited()).toMatchObject([
      {
        type: '$admin.stream-rebuild-requested',
        projection: 'counters',
        stream: 'counter-a',
        actor: { id: 'ada' },
      },
    ]);
  });

  it('stays as it is where an event fails, which is told', async () => {
    broken = false;
    const { nestfold } = await start({}, '', [Counters]);
    broken = true;
    const { body } = await ask<StreamRebuildDto>('POST', path('counter-a'));
    expect(await over(body.id)).toMatchObject({
      state: 'failed',
      error: { code: 'projection.failed', event: 'counter-a:1' },
    });
    expect(await nestfold.readModel(Counter).findById('counter-a')).toEqual({ _id: 'counter-a', sum: 6 });
  });

  it('is not made anew where it is not there, nor where documents have several streams: 404 and 409', async () => {
    broken = false;
    await start({}, '', [Counters]);
    for (const unknown of [path('counter-z'), path('$ne'), path('no'), path('counter-a', 'unknown')])
      expect((await ask('POST', unknown)).status).toBe(404);
    expect(await audited()).toEqual([]);
    expect(await ask<Problem>('POST', path('counter-a', 'totals'))).toMatchObject({
      status: 409,
      body: {
        code: 'stream-rebuild.refused',
        details: { reason: expect.stringContaining('rebuild the whole projection') as string },
      },
    });
  });
});
