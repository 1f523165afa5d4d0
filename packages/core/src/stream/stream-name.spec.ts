import { describe, expect, it } from 'vitest';
import { categoryOf, idOf, streamName } from './stream-name.js';

describe('streamName', () => {
  it('joins category and id, and the first dash parts them again', () => {
    const stream = streamName('order', '7f3-a-b');
    expect(stream).toBe('order-7f3-a-b');
    expect([categoryOf(stream), idOf(stream)]).toEqual(['order', '7f3-a-b']);
  });

  it.each(['', 'two-words', '1st', 'with space', 'a/b'])(
    'refuses the category %j as a configuration error',
    (category) => {
      expect(() => streamName(category, '1')).toThrow(expect.objectContaining({ code: 'configuration' }));
    },
  );

  it.each([[''], ['a\0b'], ['line\nbreak'], ['half\uD800'], ['x'.repeat(513)], [undefined], [7], [{ $ne: null }]])(
    'refuses the id %j as a mistake of the message',
    (id) => {
      expect(() => streamName('order', id as string)).toThrow(expect.objectContaining({ code: 'message.invalid' }));
    },
  );

  it('takes ids of other scripts and whole surrogate pairs', () => {
    expect(idOf(streamName('order', 'заказ-😀'))).toBe('заказ-😀');
  });
});
