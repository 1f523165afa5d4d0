import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.js';

const read = (...args: string[]) => readArguments(args, ['append', 'large']);

describe('arguments', () => {
  it('measure all paths at full length, the large one with ten million events, where nothing is said', () => {
    expect(read()).toEqual({ quick: false, only: undefined, events: 10_000_000, profile: false });
  });

  it('choose', () => {
    expect(read('--only', 'large', '--events', '20000', '--quick', '--profile')).toEqual({
      quick: true,
      only: 'large',
      events: 20_000,
      profile: true,
    });
  });

  it('refuse what is no path and no number, naming what is', () => {
    expect(() => read('--only', 'nothing')).toThrow('Choose one of: append, large.');
    expect(() => read('--events', 'many')).toThrow('a whole number from 20000');
  });
});
