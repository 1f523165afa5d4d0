import { Decimal } from '@nestfold/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromEjson, toEjson } from './ejson.js';

const key = fc
  .string({ minLength: 1, maxLength: 8 })
  .filter((one) => /^[^$\0][^\0]*$/u.test(one) && !/^__proto__$|^_bsontype$/.test(one));
const { plain } = fc.letrec<{ plain: unknown }>((tie) => ({
  plain: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.date({ noInvalidDate: true }),
    fc.integer().map((value) => Decimal.of(`${value}.25`)),
    fc.array(tie('plain'), { maxLength: 4 }),
    fc.dictionary(key, tie('plain'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe('EJSON', () => {
  it('gives back plain data as it was: dates, decimals, negative zero', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(fromEjson(toEjson(value))).toStrictEqual(value);
      }),
    );
  });

  it.each([
    ['other types', '{"a":{"$oid":"507f1f77bcf86cd799439011"}}'],
    ['a date that is none', '{"a":{"$date":"yesterday"}}'],
    ['a number that is none', '{"a":{"$numberLong":"many"}}'],
    ['a number that is not exact', '{"a":{"$numberLong":"9007199254740993"}}'],
    ['a tag with another key', '{"$date":"2026-01-01T00:00:00Z","b":1}'],
    ['a prototype', '{"__proto__":{"admin":true}}'],
    ['what the driver takes for a type of its own', '{"a":{"_bsontype":"ObjectId"}}'],
    ['a key without a name', '{"a":{"":1}}'],
    // Fail without the backslash and the halves of characters in MARKED_TEXT: such a text would not be walked.
    ['a type in disguise', '{"a":{"\\u0024oid":"507f1f77bcf86cd799439011"}}'],
    ['a prototype in disguise', '{"\\u005f_proto__":{"admin":true}}'],
    ['a key with a NUL', '{"a\\u0000":1}'],
    ['half a character', '{"a":"\\ud800"}'],
    ['half a character as it stands', '{"a":"\ud800"}'],
    ['too many levels', '['.repeat(102) + ']'.repeat(102)],
    ['too many levels of objects', '{"a":'.repeat(102) + '1' + '}'.repeat(102)],
    ['something else', 'garbage'],
  ])('refuses %s', (_name, text) => {
    expect(() => fromEjson(text)).toThrow();
  });

  it('takes as many levels as are allowed, and as many objects as there are', () => {
    const deep = '{"a":'.repeat(100) + '1' + '}'.repeat(100);
    const many = `[${Array.from({ length: 150 }, () => '{"a":"b"}').join()}]`;
    for (const text of [deep, many]) expect(JSON.stringify(fromEjson(text))).toBe(text);
  });

  it('reads the canonical form as well', () => {
    expect(fromEjson('{"i":{"$numberInt":"1"},"d":{"$numberDouble":"1.5"},"t":{"$date":{"$numberLong":"0"}}}')).toEqual(
      {
        i: 1,
        d: 1.5,
        t: new Date(0),
      },
    );
  });
});
