import { describe, expect, it } from 'vitest';
import { checkJsonShape, MAX_JSON_DEPTH } from './json-shape.js';

const check = (text: string): void => checkJsonShape(new TextEncoder().encode(text));
const nested = (depth: number): string => `{"a":`.repeat(depth) + '1' + '}'.repeat(depth);

describe('the shape of a JSON body', () => {
  it('is an object of bounded depth', () => {
    expect(() => check(' {"a": [1, {"b": 2}]}')).not.toThrow();
    expect(() => check(nested(MAX_JSON_DEPTH))).not.toThrow();
    expect(() => check(nested(MAX_JSON_DEPTH + 1))).toThrow(/nested deeper/);
    expect(() => check(`{"a":${'['.repeat(50_000)}`)).toThrow(/nested deeper/);
  });

  it('is no list and no lone value', () => {
    for (const text of ['[]', '"a"', '1', 'null']) expect(() => check(text)).toThrow(/must be a JSON object/);
  });

  it('does not count brackets in texts, escaped quotes included', () => {
    expect(() => check(`{"a":"\\"${'['.repeat(100)}\\\\"}`)).not.toThrow();
  });
});
