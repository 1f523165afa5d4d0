import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeBorder, get, openBorder, post, VALID } from './border.fixture.js';

beforeAll(openBorder);
afterAll(closeBorder);

async function forAll(inputs: readonly string[], check: (input: string) => Promise<void>): Promise<void> {
  await Promise.all(inputs.map(check));
}

// What clients send who mean no good, as JSON.
const HOSTILE = [
  'null',
  'true',
  '0',
  '-0',
  '1e309',
  '-1e309',
  '9007199254740993',
  '1.5',
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"$where"',
  '"__proto__"',
  '[]',
  '[null]',
  '[[]]',
  '[[{}]]',
  '{}',
  '{"$ne":null}',
  '{"$gt":""}',
  '{"$in":[]}',
  '{"$regex":".*"}',
  '{"$where":"1"}',
  '{"$expr":{}}',
  '{"$oid":"507f1f77bcf86cd799439011"}',
  '{"a":{"$ne":1}}',
  '[{"$ne":null}]',
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{}}}',
  '{"constructor":1}',
  '{"prototype":1}',
  '{"toString":1}',
  '{"valueOf":1}',
  '{"hasOwnProperty":1}',
  '{"then":1}',
  '{"length":1e9}',
  '{"a.b":1}',
  '{"":1}',
  '{"\\u0000":1}',
  '{"\\ud800":1}',
  '{"toJSON":1}',
  '{"_bsontype":"ObjectId"}',
  '{"type":"Buffer","data":[1]}',
  `"${'x'.repeat(50_000)}"`,
  '{"0":1,"1":2}',
];

// Hundreds of requests each.
describe('a corpus of hostile input', { timeout: 60_000 }, () => {
  const fields = ['id', 'name', 'lines', 'address', 'at', 'weight', 'note', 'unknown'];
  it.each(fields)('never gives a 500 in the field %s [H-3]', async (field) => {
    await forAll(HOSTILE, async (value) => {
      const text = JSON.stringify({ ...VALID, [field]: '%' }).replace('"%"', () => value);
      const { status } = await post('orders', text);
      expect([201, 400], `${field}: ${value}`).toContain(status);
    });
  });

  it.each(['orders', 'any', 'list', 'field', 'no-rules'])('never gives a 500 as the body of %s [H-3]', async (path) => {
    await forAll(HOSTILE, async (value) => expect([201, 400], value).toContain((await post(path, value)).status));
  });

  it('never gives a 500 in lines and address', async () => {
    const shapes = HOSTILE.flatMap((value) => [
      `{"sku":${value},"quantity":1}`,
      `{"sku":"s","quantity":${value}}`,
      value,
    ]);
    await forAll(shapes, async (shape) => {
      const { status, body } = await post(
        'orders',
        JSON.stringify({ ...VALID, lines: '%' }).replace('"%"', () => `[${shape}]`),
      );
      expect([201, 400], shape).toContain(status);
      if (status === 201) expect(body).toMatchObject({ isLine: true });
    });
  });

  it('never gives a 500 in path and query [H-3]', async () => {
    const texts = [
      '$ne',
      '%00',
      '..%2f..',
      '__proto__',
      'constructor',
      '%5B%24ne%5D',
      'x'.repeat(5_000),
      '%F0%9F%98%80',
      '1e309',
      'NaN',
      '-1',
      '0x10',
      "' OR 1=1",
    ];
    const paths = texts.flatMap((text) => [
      `by-id/${text}`,
      `page?skip=${text}`,
      `page?${text}=1`,
      `page?skip[$gt]=${text}`,
      `one?text=${text}&text=2`,
      `one?count=${text}`,
      `one?flag=${text}`,
      `one?since=${text}`,
      `flat?a=${text}&a=1`,
      `flat?__proto__=${text}`,
    ]);
    await forAll(paths, async (path) => expect([200, 400, 404], path).toContain((await get(path)).status));
  });

  it('refuses nesting of 51 levels and of 45,000, and takes 50', async () => {
    const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect((await post('any', nested(50))).status).toBe(201);
    expect((await post('any', nested(51))).body).toMatchObject({ status: 400, code: 'message.invalid' });
    expect((await post('any', nested(45_000))).status).toBe(400);
    expect((await post('orders', `{"lines":${nested(45_000)}}`)).status).toBe(400);
  });
});
