import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeBorder, get, openBorder, post, VALID } from './border.fixture.js';

beforeAll(openBorder);
afterAll(closeBorder);

// Each removed once, each makes cases fail here or in hostile-input.spec.ts: the declared types, the depth guard, the refusal of
// `$…` and of reserved keys, and the catch around transformations.
describe('nestfoldValidation', () => {
  it('gives parts their classes', async () => {
    expect(await post('orders', { ...VALID, note: ' hello ' })).toEqual({
      status: 201,
      body: { isOrder: true, isLine: true, isAddress: true, note: 'hello' },
    });
  });

  it('lists everything that is wrong, with paths', async () => {
    const { body } = await post('orders', {
      id: '',
      name: { $ne: null },
      lines: [{ sku: 1, quantity: 0 }, 7],
      address: [],
      extra: 1,
      at: 'never',
    });
    expect(body).toMatchObject({ status: 400, code: 'message.invalid' });
    // The structure comes first: nothing looks into a message that may not be looked into.
    expect(body.errors).toEqual([{ path: 'name.<key>', message: 'name must not have the key "$ne"' }]);

    const again = await post('orders', {
      id: '',
      name: {},
      lines: [{ sku: 1, quantity: 0, price: 1 }, 7],
      address: [],
      extra: 1,
      at: 'never',
    });
    expect(again.body.errors?.map(({ path }) => path).sort()).toEqual([
      'address',
      'at',
      'extra',
      'id',
      'lines[0].price',
      'lines[0].quantity',
      'lines[0].sku',
      'lines[1]',
      'name',
    ]);
  });

  // Each of these passes Nest's own pipe with whitelist and forbidNonWhitelisted.
  it.each<[string, object]>([
    ['an object for a text whose rule looks at presence only', { name: { a: 1 } }],
    ['a list for such a text', { name: ['a'] }],
    ['one part for a list of parts', { lines: { sku: 's', quantity: 1 } }],
    ['a list of lists of parts', { lines: [[{ sku: 's', quantity: 1 }]] }],
    ['a list for one part', { address: [{ street: 'x' }] }],
    ['a part that is missing', { address: undefined }],
    ['parts that are missing', { lines: undefined }],
  ])('refuses %s', async (_what, change) => {
    expect((await post('orders', { ...VALID, ...change })).status).toBe(400);
  });

  it('takes a message without a part that may be missing', async () => {
    expect((await post('orders', { ...VALID, billing: undefined })).status).toBe(201);
    expect((await post('orders', { ...VALID, billing: { street: 1 } })).status).toBe(400);
  });

  it('refuses a value that a transformation cannot bear', async () => {
    expect((await post('orders', { ...VALID, note: 5 })).status).toBe(400);
  });

  it('refuses a class without rules', async () => {
    expect((await post('no-rules', { name: 'x' })).status).toBe(400);
    expect((await post('no-rules', {})).status).toBe(400);
  });

  it('refuses operators where no class says what is allowed', async () => {
    for (const path of ['any', 'list']) expect((await post(path, [{ a: { $ne: null } }])).status).toBe(400);
    expect((await post('field', { name: { $ne: null } })).status).toBe(400);
    expect((await post('field', { name: 'x', other: { a: 1 } })).body.errors).toEqual([
      { path: 'other', message: 'other must be a simple value' },
    ]);
    expect((await post('list', [{ sku: 's', quantity: 1 }])).status).toBe(400);
  });

  it.each([
    '{"__proto__":{"admin":true}}',
    '{"a":{"constructor":1}}',
    '[{"prototype":1}]',
    '{"\\u0000":1}',
    '["\\ud800"]',
  ])('refuses what means something to objects, or is no text: %s', async (body) => {
    expect((await post('any', body)).status).toBe(400);
  });

  it('converts text of path and query to the simple type that is declared', async () => {
    expect((await get('one?text=7&count=7&flag=false&since=2026-01-31T12:00:00Z')).body).toEqual({
      text: '7',
      count: 7,
      flag: false,
      since: '2026-01-31T12:00:00.000Z',
    });
    expect((await get('page?skip=5&sort=asc')).body).toEqual({ skip: 5, sort: 'asc' });
    expect((await get('many?tags=a')).body).toEqual({ tags: ['a'] });
    expect((await get('many?tags=a&tags=b')).body).toEqual({ tags: ['a', 'b'] });
    expect((await get('by-id/%24ne')).body).toEqual({ id: '$ne' });
  });

  it.each([
    'one?text=1&text=2',
    'one?count=',
    'one?count=x',
    'one?count=1e3',
    'one?flag=1',
    'one?since=yesterday',
    'flat?a=1&a=2',
    'page?skip=-1',
    'page?skip=1&skip=2',
    'page?other=1',
  ])('refuses the query %s', async (path) => {
    expect((await get(path)).status).toBe(400);
  });
});
