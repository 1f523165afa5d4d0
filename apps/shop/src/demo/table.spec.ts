import { describe, expect, it } from 'vitest';
import { table } from './table.js';

describe('table', () => {
  it('makes each column as wide as its widest cell, numbers to the right', () => {
    const columns = [{ title: 'step' }, { title: 'calls', align: 'right' }, { title: '' }] as const;
    expect(
      table(columns, [
        ['browse', '12', 'right'],
        ['order', '1,234', ''],
      ]),
    ).toBe(['step    calls', '──────  ─────  ─────', 'browse     12  right', 'order   1,234'].join('\n'));
  });

  it('shows a missing cell as an empty one', () => {
    expect(table([{ title: 'a' }, { title: 'b' }], [['1']])).toBe('a  b\n─  ─\n1');
  });
});
