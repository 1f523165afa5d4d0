import { describe, expect, it } from 'vitest';
import { Choice } from './contexts.js';
import { namesOf } from './names.js';

describe('a name', () => {
  it('has the forms that files, packages and classes need', () => {
    expect(namesOf('a part', 'open-tickets-2')).toEqual({
      kebab: 'open-tickets-2',
      camel: 'openTickets2',
      pascal: 'OpenTickets2',
      snake: 'open_tickets_2',
      words: 'open tickets 2',
    });
  });

  it.each([
    ['', 'such as corner-shop'],
    ['MyApp', 'my-app'],
    ['my app', 'my-app'],
    ['-my--app-', 'my-app'],
    ['2nd', 'nd'],
    ['../up', 'up'],
    ['über-uns', 'uber-uns'],
    ['a'.repeat(31), 'a'.repeat(30)],
  ])('%j is refused with one that would do', (name, suggested) => {
    expect(() => namesOf('an application', name)).toThrow(
      new RegExp(`'.*' cannot be the name of an application\\.\n.*: ${suggested}\\.$`),
    );
  });

  // Files of such names cannot be checked out on Windows, and of the last one no method can be made.
  it.each(['con', 'nul', 'aux', 'prn', 'com1', 'lpt9', 'constructor', 'then', 'dist'])(
    '%j is kept for something else',
    (name) => {
      expect(() => namesOf('a part', name)).toThrow(/cannot be the name of a part: .* keeps it .*\nTake another name/);
      expect(namesOf('a part', `${name}-note`).kebab).toBe(`${name}-note`);
    },
  );
});

describe('a choice of contexts', () => {
  it('brings a stand-in for each that is left out', () => {
    expect(Choice.of('all').describe()).toBe('catalog, customers, orders, samples, the demo');
    expect(Choice.of('catalog,customers,orders').isWhole).toBe(true);
    expect(Choice.of('orders').describe()).toBe('orders, a stand-in for catalog, a stand-in for customers');
    expect(Choice.of('orders, catalog').describe()).toBe('catalog, orders, a stand-in for customers');
  });

  it.each([
    ['catalog', /The orders are always part/],
    ['orders,billing', /There is no context 'billing'/],
    ['', /There is no context ''/],
  ])('%j is refused with those that would do', (words, problem) => {
    expect(() => Choice.of(words)).toThrow(problem);
    expect(() => Choice.of(words)).toThrow('--contexts orders,catalog');
  });
});
