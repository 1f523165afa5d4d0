import { silentLogger, systemEnvironment, type Environment } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { RegistryNotices, type NoticeSource } from './registry-notices.js';

function rig(): {
  readonly notices: RegistryNotices;
  readonly source: NoticeSource & { alive: boolean; listening: number; revived: number };
  tick(): void;
  notice(): void;
} {
  let poll = (): void => undefined;
  let tellSource = (): void => undefined;
  const environment: Environment = {
    ...systemEnvironment,
    every: (_period, task) => ((poll = task), () => (poll = () => undefined)),
  };
  const source = {
    alive: true,
    listening: 0,
    revived: 0,
    onNotice(listener: () => void) {
      source.listening += 1;
      tellSource = listener;
      return () => {
        source.listening -= 1;
      };
    },
    revive() {
      source.revived += 1;
    },
  };
  return {
    notices: new RegistryNotices(source, environment, silentLogger),
    source,
    tick: () => poll(),
    notice: () => tellSource(),
  };
}

describe('the notices of the registry', () => {
  it('reach listeners from this process and from the feed', () => {
    const { notices, notice } = rig();
    let heard = 0;
    notices.listen(() => (heard += 1));
    notices.tell();
    notice();
    expect(heard).toBe(2);
  });

  it('come every two seconds while the feed is down, and not while it lives', () => {
    const { notices, source, tick } = rig();
    let heard = 0;
    notices.listen(() => (heard += 1));
    tick();
    expect([heard, source.revived]).toEqual([0, 0]);
    source.alive = false;
    tick();
    tick();
    expect([heard, source.revived]).toEqual([2, 2]);
  });

  it('use the feed once for all listeners, and no longer than there are some', () => {
    const { notices, source } = rig();
    const listener = (): void => undefined;
    const [one, other] = [notices.listen(listener), notices.listen(listener)];
    expect(source.listening).toBe(1);
    one();
    one();
    expect(source.listening).toBe(1);
    other();
    expect(source.listening).toBe(0);
  });

  // Where a listener's error went through, the registry's change was told as failed although it was done.
  it('reach the others when one of them fails', () => {
    const { notices } = rig();
    let heard = 0;
    notices.listen(() => {
      throw new Error('a listener that fails');
    });
    notices.listen(() => (heard += 1));
    notices.tell();
    expect(heard).toBe(1);
  });
});
