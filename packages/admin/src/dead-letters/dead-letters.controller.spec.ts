import 'reflect-metadata';
import type { Problem } from '@nestfold/nestjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, audited, poison, start, stop, Total } from '../admin.fixture.js';
import type { DeadLetterDto, DeadLetterPageDto, ProjectionDto } from '../index.js';

afterEach(stop);

async function letters(count: number, query = ''): Promise<DeadLetterPageDto> {
  return vi.waitFor(async () => {
    const { body } = await ask<DeadLetterPageDto>('GET', `/dead-letters${query}`);
    expect(body.deadLetters).toHaveLength(count);
    return body;
  }, 10_000);
}

describe('dead letters', () => {
  it('are listed a page at a time, filtered, and shown with their failures [X-3]', async () => {
    await start();
    await poison('b');
    await poison('c');
    const { deadLetters } = await letters(2, '?projection=totals');
    const { deadLetters: first, next } = await letters(1, '?limit=1');
    const { deadLetters: second, ...rest } = await letters(1, `?limit=1&after=${next}`);
    expect([...first, ...second]).toEqual(deadLetters);
    expect(rest).toEqual({});
    await letters(0, '?handler=mails');
    const [letter] = deadLetters;
    const { body } = await ask<DeadLetterDto>('GET', `/dead-letters/${letter?.id}`);
    expect(body).toMatchObject({
      projection: 'totals',
      stream: expect.stringMatching(/^counter-[bc]$/),
      error: { message: expect.stringContaining('cannot be counted'), event: expect.stringMatching(/:1$/) },
      history: [{ error: { type: 'counter.raised' } }],
    });
    const { body: status } = await ask<ProjectionDto>('GET', '/projections/totals');
    expect(status).toMatchObject({ parked: 2, partitions: [{ parked: 2 }] });
    expect(Date.parse(status.parkedSince ?? '')).toBeGreaterThan(0);
  });

  it('are tried again and discarded by whoever owns them, and who asked is written down [A-2, A-3]', async () => {
    const { nestfold } = await start();
    await poison('b');
    const [letter] = (await letters(1)).deadLetters;
    const at = `/dead-letters/${letter?.id}`;
    expect(await ask('POST', `${at}/retry`)).toMatchObject({
      status: 202,
      body: { request: { kind: 'retry', by: 'ada' } },
    });
    await vi.waitFor(async () => {
      const { body } = await ask<DeadLetterDto>('GET', at);
      expect(body.history).toHaveLength(2);
      expect(body.history[1]).toMatchObject({ by: 'ada' });
    }, 10_000);
    expect(await ask('POST', `${at}/discard`)).toMatchObject({ status: 202, body: { request: { kind: 'discard' } } });
    await letters(0);
    await nestfold.settled();
    // 1 + 2 + 3, and the 4 that waited behind what was left out.
    expect(await nestfold.readModel(Total).findById('all')).toMatchObject({ sum: 10 });
    expect(await ask<Problem>('POST', `${at}/retry`)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await audited()).toMatchObject([
      {
        type: '$admin.dead-letter-retry-requested',
        deadLetter: letter?.id,
        event: 'counter-b:1',
        projection: 'totals',
      },
      { type: '$admin.dead-letter-discard-requested', deadLetter: letter?.id, actor: { id: 'ada' } },
    ]);
  }, 20_000);

  it.each([
    ['?limit=0', ['limit']],
    ['?limit=501&after=x', ['limit', 'after']],
    ['?projection=a&handler=b', ['handler']],
    ['?projection=a&projection=b', ['projection']],
    ['?projection=&$where=1', ['projection', '$where']],
  ])('are not listed by %s: 400 with everything that is wrong', async (query, paths) => {
    await start();
    const { status, body } = await ask<Problem>('GET', `/dead-letters${query}`);
    expect([status, body.errors?.map(({ path }) => path)]).toEqual([400, paths]);
  });

  it('are not found by what is no id', async () => {
    await start();
    for (const id of ['x', '%24ne', '00000000-0000-5000-8000-000000000000'])
      expect((await ask('GET', `/dead-letters/${id}`)).status).toBe(404);
  });
});

describe('the feed', () => {
  it('tells how much of the past it has, where the store says so', async () => {
    await start();
    const { status, body } = await ask('GET', '/feed');
    expect([status, typeof (body as { known: boolean }).known]).toEqual([200, 'boolean']);
  });
});
