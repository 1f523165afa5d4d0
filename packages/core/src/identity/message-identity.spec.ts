import { describe, expect, it } from 'vitest';
import { commandIdOf, commitIdOf, labelledIdOf } from './message-identity.js';
import { isUuid } from './uuid.js';

describe('commandIdOf', () => {
  const id = commandIdOf('customer-1', 'PlaceOrder', 'key');

  it('is the same for the same principal, type and key, in every process', () => {
    // Stored ids rest on this value: if it changes, repetitions of older commands are no longer found.
    expect(id).toBe(commandIdOf('customer-1', 'PlaceOrder', 'key'));
    expect(id).toBe('e3213f8d-e2f7-5863-86fd-0dba6fa2dd66');
  });

  it.each([
    ['principal', commandIdOf('customer-2', 'PlaceOrder', 'key')],
    ['type', commandIdOf('customer-1', 'CancelOrder', 'key')],
    ['key', commandIdOf('customer-1', 'PlaceOrder', 'key2')],
    ['border between its parts', commandIdOf('customer-1P', 'laceOrder', 'key')],
  ])('differs with the %s', (_, other) => {
    expect(other).not.toBe(id);
  });
});

describe('derived ids', () => {
  const message = commandIdOf('p', 't', 'k');

  it('tell a stream’s appends apart by their ordinal, and streams by their name', () => {
    const ids = [
      commitIdOf(message, 'order-1', 0),
      commitIdOf(message, 'order-1', 1),
      commitIdOf(message, 'order-2', 0),
    ];
    expect(new Set(ids).size).toBe(3);
    expect(ids.every(isUuid)).toBe(true);
  });

  it('never meet, whatever a label says', () => {
    expect(labelledIdOf(message, 'order-1')).not.toBe(commitIdOf(message, 'order-1', 0));
    expect(labelledIdOf(message, 'commit:0:order-1')).not.toBe(commitIdOf(message, 'order-1', 0));
  });
});
