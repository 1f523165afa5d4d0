import { describe, expect, it, vi } from 'vitest';
import { AggregateRoot } from '../aggregate/aggregate-root.js';
import { Aggregate } from '../aggregate/aggregate.decorator.js';
import { Apply } from '../aggregate/apply.decorator.js';
import { systemEnvironment } from '../environment/system.environment.js';
import { StreamConflict } from '../error/store.errors.js';
import { loadedVersion, statedVersion } from '../stream/expected-version.js';
import { AggregateRepository } from './aggregate-repository.js';
import { Added, bench, CounterState, counterTypes, type Bench, type Counter } from './repository.fixture.js';

const add = (by: number) => (counter: Counter) => counter.add(by);

/** Lets another process append before each of the next appends. */
function overtake({ connection, another }: Bench, times: number): void {
  const rival = another();
  const append = connection.events.append.bind(connection.events);
  let left = times;
  vi.spyOn(connection.events, 'append').mockImplementation(async (...args) => {
    if (left > 0) {
      left -= 1;
      const turn = left;
      left = 0;
      await rival.update('1', add(1000));
      left = turn;
    }
    return append(...args);
  });
}

describe('a write that loses a race', () => {
  it('decides again, on the state that won [W-10]', async () => {
    const at = await bench();
    await at.repository.create('1', add(1));
    overtake(at, 2);
    const seen: number[] = [];
    const receipt = await at.repository.update('1', (counter) => {
      seen.push(counter.sum);
      counter.add(counter.sum);
    });
    expect(seen).toEqual([1, 1001, 2001]);
    expect(receipt).toMatchObject({ version: 4, repeated: false });
    expect((await at.repository.load('1'))?.state.sum).toBe(4002);
  });

  // Fails when the stream is loaded anew: for a long one that was most of what a lost race cost.
  it('reads only what is new since', async () => {
    const at = await bench();
    await at.repository.create('1', add(1));
    overtake(at, 2);
    const read = vi.spyOn(at.connection.events, 'read');
    await at.repository.update('1', add(1));
    const ranges = read.mock.calls.map(([, range]) => range);
    // The second and the fourth are the rival's.
    expect(ranges).toEqual([{}, {}, { fromVersion: 1 }, {}, { fromVersion: 2 }]);
  });

  // Fails when the commit that was last is not compared (tried): the append would leave a gap.
  it('reads all of a stream whose last commit is not there any more, as after a restore from backup', async () => {
    const at = await bench();
    await at.repository.create('1', add(1));
    await at.repository.update('1', add(2));
    overtake(at, 1);
    const { events } = at.connection;
    const read = events.read.bind(events);
    const spy = vi.spyOn(events, 'read').mockImplementation(async (stream, range) => {
      const slice = await read(stream, range);
      return range?.fromVersion === undefined ? slice : { ...slice, commits: [] };
    });
    await at.repository.update('1', add(3));
    // The second is the rival's.
    expect(spy.mock.calls.map(([, range]) => range)).toEqual([{}, {}, { fromVersion: 2 }, {}]);
    expect((await at.repository.load('1'))?.state.sum).toBe(1006);
  });

  it('gives up after its attempts, with the conflict [W-10]', async () => {
    const at = await bench({ retry: { attempts: 3 } });
    await at.repository.create('1', add(1));
    overtake(at, 99);
    const decide = vi.fn(add(1));
    await expect(at.repository.update('1', decide)).rejects.toMatchObject({ code: 'stream.conflict', retry: 'reload' });
    expect(decide).toHaveBeenCalledTimes(3);
  });

  it('gives up after its time, and pauses longer each time until then [W-10]', async () => {
    const at = await bench({ retry: { attempts: 1000, withinMs: 500 } });
    await at.repository.create('1', add(1));
    overtake(at, 9999);
    const began = at.environment.now();
    await expect(at.repository.update('1', add(1))).rejects.toBeInstanceOf(StreamConflict);
    expect(at.environment.now() - began).toBeLessThanOrEqual(500);
    // Half of 8, 16, … up to 200: chance is always the middle here.
    expect(at.environment.slept).toEqual([4, 8, 16, 32, 64, 100, 100, 100]);
  });

  it('is not tried again where the caller stated the version [W-10]', async () => {
    const at = await bench();
    await at.repository.create('1', add(1));
    overtake(at, 1);
    const decide = vi.fn(add(1));
    await expect(at.repository.update('1', decide, { expected: statedVersion(1) })).rejects.toMatchObject({
      code: 'stream.conflict',
      actual: 2,
    });
    expect(decide).toHaveBeenCalledTimes(1);
    expect(at.environment.slept).toEqual([]);
  });

  it('is not tried again for anything but a conflict', async () => {
    const at = await bench();
    await at.repository.create('1', add(1));
    const failure = new Error('unknown outcome');
    vi.spyOn(at.connection.events, 'append').mockRejectedValue(failure);
    const decide = vi.fn(add(1));
    await expect(at.repository.update('1', decide)).rejects.toBe(failure);
    expect(decide).toHaveBeenCalledTimes(1);
  });

  it('is guarded by the version that the decision saw [W-9]', async () => {
    const at = await bench();
    await at.repository.create('1', add(1));
    const append = vi.spyOn(at.connection.events, 'append');
    await at.repository.save('1', add(1));
    expect(append.mock.calls[0]?.[0][0]?.expected).toEqual(loadedVersion(1));
  });
});

describe('many writers of one stream', () => {
  it('all take effect, none of them twice [W-10]', async () => {
    const { another } = await bench({ retry: { attempts: 1000, withinMs: Number.POSITIVE_INFINITY } });
    await Promise.all(Array.from({ length: 40 }, (_, index) => another().save('1', add(index + 1))));
    expect(await another().load('1')).toMatchObject({ version: 40, state: { sum: 820 } });
  });
});

describe('many writes of one process on one stream', () => {
  // Without the turns each write races all others, and most of the 64 lose both of their attempts.
  it('all take effect, each decided once more at most', async () => {
    const at = await bench({ environment: systemEnvironment, retry: { attempts: 2 } });
    await at.repository.create('1', add(1));
    const append = at.connection.events.append.bind(at.connection.events);
    vi.spyOn(at.connection.events, 'append').mockImplementation(async (...args) => {
      await systemEnvironment.sleep(5);
      return append(...args);
    });
    const decide = vi.fn(add(1));
    await Promise.all(Array.from({ length: 64 }, () => at.repository.update('1', decide)));
    expect((await at.repository.load('1'))?.state.sum).toBe(65);
    expect(decide.mock.calls.length).toBeLessThanOrEqual(2 * 64);
  });

  // Fails when nothing is handed on (tried): of a hot stream each would read all.
  it('read in their turn only what the one before had not, where no snapshot makes a load short', async () => {
    const at = await bench({ environment: systemEnvironment });
    const { events } = at.connection;
    const tallies = new AggregateRepository(Tally, {
      ...at.connection,
      types: counterTypes,
      environment: systemEnvironment,
    });
    await tallies.create('1', (tally) => tally.add(1));
    const append = events.append.bind(events);
    const appending = vi.spyOn(events, 'append').mockImplementation(async (...args) => {
      await systemEnvironment.sleep(20);
      return append(...args);
    });
    const read = vi.spyOn(events, 'read');
    const write = () => tallies.update('1', (tally) => tally.add(1));
    const racing = [write(), write(), write()];
    // One of the losers has its turn: who comes now waits for his without a look.
    await vi.waitFor(() => expect(appending).toHaveBeenCalledTimes(4), { interval: 1 });
    await Promise.all([...racing, write(), write()]);
    expect(read.mock.calls.filter(([, range]) => range?.fromVersion === undefined)).toHaveLength(racing.length);
    expect((await tallies.load('1'))?.state.sum).toBe(6);
  });
});

@Aggregate('tally', { state: CounterState, events: [Added] })
class Tally extends AggregateRoot<CounterState> {
  add(by: number): void {
    this.emit(Added, { by });
  }

  @Apply(Added)
  protected added({ by }: Added): void {
    this.state.sum += by;
  }
}
