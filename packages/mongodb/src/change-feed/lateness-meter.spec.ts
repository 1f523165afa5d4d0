import { silentLogger, storeTime } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { LatenessMeter } from './lateness-meter.js';

describe('the lateness meter', () => {
  it('tells the last and the largest lateness', () => {
    const meter = new LatenessMeter(300, silentLogger);
    expect(meter.read()).toEqual({ lastSeconds: 0, maxSeconds: 0 });
    meter.measure(storeTime(10, 1), storeTime(18, 1));
    meter.measure(storeTime(20, 9), storeTime(20, 1));
    expect(meter.read()).toEqual({ lastSeconds: 0, maxSeconds: 8 });
  });

  it('raises an alarm when half of the horizon is used up, once for each new maximum', () => {
    const alarms: unknown[] = [];
    const meter = new LatenessMeter(12, { ...silentLogger, error: (_message, details) => alarms.push(details) });
    for (const late of [6, 7, 7, 5, 9]) meter.measure(storeTime(10, 1), storeTime(10 + late, 1));
    expect(alarms).toEqual([
      { lateSeconds: 7, horizonSeconds: 12 },
      { lateSeconds: 9, horizonSeconds: 12 },
    ]);
  });
});
