import { describe, expect, it } from 'vitest';
import { Chance } from './chance.js';
import { SimulatedProcess } from './simulated-process.js';
import { VirtualClock, VirtualDeadlock } from './virtual-clock.js';

const clockOf = (seed = 1): VirtualClock => {
  const chance = new Chance(seed);
  return new VirtualClock(0, () => chance.bits());
};

describe('VirtualClock', () => {
  it('lets things happen at their times, and takes no time of the machine', async () => {
    const clock = clockOf();
    const seen: number[] = [];
    for (const at of [3_600_000, 1, 60_000]) clock.after(at, () => seen.push(clock.now()));
    await clock.run(clock.pass(7_200_000), 100);
    expect(seen).toEqual([1, 60_000, 3_600_000]);
    expect(clock.now()).toBe(7_200_000);
  });

  it('lets promises run as far as they can between two things', async () => {
    const clock = clockOf();
    let depth = 0;
    clock.after(1, () => {
      const deeper = async (): Promise<void> => {
        depth += 1;
        await Promise.resolve();
        if (depth < 100) await deeper();
      };
      void deeper();
    });
    const seen = clock.pass(2).then(() => depth);
    expect(await clock.run(seen, 100)).toBe(100);
  });

  it('puts what is due at one moment in an order that only the seed decides', async () => {
    const order = async (seed: number): Promise<string> => {
      const clock = clockOf(seed);
      let seen = '';
      for (const name of 'abcdefgh') clock.after(5, () => (seen += name));
      await clock.run(clock.pass(6), 100);
      return seen;
    };
    expect(await order(1)).toBe(await order(1));
    expect(await order(1)).not.toBe(await order(2));
  });

  it('forgets what was cancelled, and says when it can go no further', async () => {
    const clock = clockOf();
    clock.after(1, () => expect.unreachable())();
    await expect(clock.run(new Promise(() => undefined), 100)).rejects.toThrow(VirtualDeadlock);
    const again = (): void => void clock.after(1, again);
    again();
    await expect(clock.run(new Promise(() => undefined), 100)).rejects.toThrow('More than 100 things');
  });
});

describe('SimulatedProcess', () => {
  const processOf = (clock: VirtualClock, skewMs = 0): SimulatedProcess =>
    new SimulatedProcess('p', clock, new Chance(1), skewMs);

  it('runs nothing while it is paused, and all that became due when it goes on', async () => {
    const clock = clockOf();
    const process = processOf(clock);
    const slept = process.environment.sleep(10).then(() => clock.now());
    clock.after(5, () => process.pause());
    clock.after(500, () => process.resume());
    expect(await clock.run(slept, 100)).toBe(500);
  });

  it('runs nothing any more when it is dead', async () => {
    const clock = clockOf();
    const process = processOf(clock);
    const ticks: number[] = [];
    process.environment.every(10, () => ticks.push(clock.now()));
    clock.after(35, () => process.kill());
    await clock.run(clock.pass(1_000), 1_000);
    expect(ticks).toEqual([10, 20, 30]);
  });

  it('ends a sleep when its signal aborts', async () => {
    const clock = clockOf();
    const ending = new AbortController();
    const slept = processOf(clock)
      .environment.sleep(1_000, ending.signal)
      .then(() => clock.now());
    clock.after(3, () => ending.abort());
    expect(await clock.run(slept, 100)).toBe(3);
  });

  it('has a clock of its own, that may be off', () => {
    expect(processOf(clockOf(), 1_500).environment.now()).toBe(1_500);
  });
});
