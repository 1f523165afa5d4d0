import { validateSync } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { Optional } from './optional.decorator.js';
import { IsId, IsPhone, IsText } from './text.decorators.js';

class Sample {
  @IsText({ max: 10 })
  line: unknown = 'line';

  @IsText({ max: 10, min: 0, lines: true })
  text: unknown = '';

  @IsId()
  id: unknown = 'a-1';

  @Optional()
  @IsPhone()
  phone?: unknown;
}

const refused = (fields: Partial<Sample>): string[] =>
  validateSync(Object.assign(new Sample(), fields)).map(({ property }) => property);

describe('validation of texts', () => {
  it('takes every whole character, in any script', () => {
    expect(refused({ line: 'Zoë 李 🎧', text: 'a\tb\r\nc' })).toEqual([]);
  });

  it('refuses control characters, lone surrogates, blanks and what is too long or no text', () => {
    for (const line of [
      'a\u0000b',
      'a\nb',
      '\ud800',
      'a\udc00',
      '   ',
      '',
      'x'.repeat(11),
      7,
      null,
      ['a'],
      { $ne: null },
    ]) {
      expect(refused({ line })).toEqual(['line']);
    }
    expect(refused({ text: 'a\u0000' })).toEqual(['text']);
  });

  it('refuses ids that could mean something else to a database or a path', () => {
    for (const id of ['', '$a', '../a', 'a/b', 'a b', '.a', 'x'.repeat(129), 'é', undefined]) {
      expect(refused({ id })).toEqual(['id']);
    }
  });

  it('takes a missing optional field, and refuses null there', () => {
    expect(refused({ phone: undefined })).toEqual([]);
    expect(refused({ phone: null })).toEqual(['phone']);
    expect(refused({ phone: '+1 555 0100' })).toEqual([]);
  });
});
