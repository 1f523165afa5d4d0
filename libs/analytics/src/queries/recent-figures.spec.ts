import { Decimal } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { noActivity } from '../domain/activity.js';
import { recentSums } from './recent-figures.query.js';

const step = (time: string, purchase: number) => ({
  at: new Date(`2026-01-31T${time}.000Z`),
  counts: { ...noActivity, signup: 1, purchase },
  purchased: Decimal.of(purchase).round(2),
});
const steps = [step('10:00:00', 1), step('10:00:05', 2), step('10:05:00', 4)];
const purchasesAt = (time: string): number => recentSums(steps, new Date(`2026-01-31T${time}Z`)).counts.purchase;

describe('the window at a moment', () => {
  it('holds the five minutes before it, and adds them up', () => {
    expect(recentSums(steps, new Date('2026-01-31T10:05:00.000Z'))).toEqual({
      from: new Date('2026-01-31T10:00:00.000Z'),
      to: new Date('2026-01-31T10:05:00.000Z'),
      counts: { signup: 3, purchase: 7, cancellation: 0 },
      purchased: Decimal.of('7.00'),
    });
  });

  it('slides on while nothing happens, until nothing is left in it', () => {
    expect(['10:05:04.999', '10:05:05.000', '10:05:10.000', '10:10:05.000'].map(purchasesAt)).toEqual([7, 6, 4, 0]);
  });
});
