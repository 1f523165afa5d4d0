import { counterOf, secondsOf, storeTime } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { timeOfToken, tokenAt } from './resume-token.js';

/** As a server of version 6 gave them: of a change, and of a moment without one. */
const CHANGE = '826B0132310000000C2B022C0100296E5A1004B1F2';
const MOMENT = '826B0132310000000C2B0229296E04';

describe('a resume token', () => {
  it('tells its cluster time', () => {
    expect(timeOfToken(CHANGE)).toBe('6b0132310000000c');
    expect(timeOfToken(MOMENT)).toBe('6b0132310000000c');
  });

  it('of an unknown form tells a time before all others', () => {
    expect(timeOfToken('83ff')).toBe(storeTime(0, 0));
  });

  it('stands behind the text that marks its time, and before the next', () => {
    const time = timeOfToken(CHANGE);
    expect(CHANGE > tokenAt(time) && MOMENT > tokenAt(time)).toBe(true);
    expect(CHANGE < tokenAt(storeTime(secondsOf(time), counterOf(time) + 1))).toBe(true);
  });
});
