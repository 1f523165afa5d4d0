import type { KafkaMessage } from 'kafkajs';
import { expect, it } from 'vitest';
import { keptMessageOf } from './kept-messages.js';

const message = (more: object): KafkaMessage => ({
  key: null,
  value: null,
  timestamp: '1700000000000',
  attributes: 0,
  offset: '7',
  headers: {
    'dlq-reason': Buffer.from('is no commit'),
    'dlq-consumer': Buffer.from('trail'),
    'dlq-origin-partition': Buffer.from('2'),
    'dlq-origin-offset': Buffer.from('40'),
  },
  ...more,
});

it('shows a message as it was kept', () => {
  expect(keptMessageOf('told', message({}))).toEqual({
    id: 7,
    at: new Date(1_700_000_000_000),
    topic: 'told',
    partition: 2,
    offset: 40,
    reason: 'is no commit',
    consumer: 'trail',
  });
});

// Without `timeOf` the answer to an operator failed with 500: such a time is none that can be written as a text.
it.each(['9223372036854775807', '-9223372036854775808', 'soon', ''])('shows one whose time is %j', (timestamp) => {
  expect(keptMessageOf('told', message({ timestamp })).at.toISOString()).toBe('1970-01-01T00:00:00.000Z');
});

it('shows one of which nothing is as we write it', () => {
  const twice = [Buffer.from('a'), Buffer.from('b')];
  const headers = { 'dlq-reason': twice, 'dlq-origin-offset': Buffer.from('-1'), 'dlq-stream': Buffer.from('') };
  expect(keptMessageOf('told', message({ headers }))).toMatchObject({
    reason: 'unknown',
    consumer: 'unknown',
    partition: -1,
    offset: -1,
  });
});
