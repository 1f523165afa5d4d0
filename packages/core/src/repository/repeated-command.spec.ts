import { describe, expect, it, vi } from 'vitest';
import { runInContext } from '../context/current-context.js';
import { createMessageContext } from '../context/message-context.js';
import { StreamConflict } from '../error/store.errors.js';
import type { EventStore } from '../store/event-store.port.js';
import { bench, keyed, type Counter } from './repository.fixture.js';

const add = (by: number) => (counter: Counter) => counter.add(by);

describe('a keyed message that is handled again', () => {
  it.each(['create', 'save'] as const)('gets the first receipt of %s, and nothing is decided [W-5]', async (method) => {
    const { repository, connection } = await bench();
    const first = await runInContext(keyed('a'), () => repository[method]('1', add(1)));
    const [commit] = (await connection.events.read('counter-1')).commits;
    await repository.update('1', add(10));
    const decide = vi.fn();
    const again = await runInContext(keyed('a'), () => repository[method]('1', decide));
    expect(again).toEqual({ id: '1', version: first.version, position: commit?.time, repeated: true });
    expect(decide).not.toHaveBeenCalled();
    expect((await repository.load('1'))?.state.sum).toBe(11);
  });

  it('is found where a snapshot hides its commit [W-5, W-13]', async () => {
    // Fails without `findKeyed`: the first receipt is not found, and the command is decided again.
    const { repository, connection } = await bench();
    await runInContext(keyed('a'), () => repository.save('1', add(1)));
    for (let n = 0; n < 30; n += 1) await repository.update('1', add(1));
    await repository.idle();
    const snapshots = vi.spyOn(connection.snapshots, 'find');
    const decide = vi.fn();
    const again = await runInContext(keyed('a'), () => repository.save('1', decide));
    expect(decide).not.toHaveBeenCalled();
    expect(await snapshots.mock.results[0]?.value).toMatchObject({ version: 30 });
    expect(again).toMatchObject({ version: 1, repeated: true });
    expect((await repository.load('1'))?.state.sum).toBe(31);
  });

  it('asks no index where the whole stream was loaded', async () => {
    const { repository, connection } = await bench();
    const find = vi.spyOn(connection.events, 'findKeyed');
    await runInContext(keyed('a'), () => repository.save('1', add(1)));
    await runInContext(keyed('b'), () => repository.save('1', add(1)));
    expect(find).not.toHaveBeenCalled();
  });

  it('is refused when its body was another [W-6]', async () => {
    const { repository } = await bench();
    await runInContext(keyed('a', 'body'), () => repository.create('1', add(1)));
    const decide = vi.fn();
    await expect(runInContext(keyed('a', 'other'), () => repository.save('1', decide))).rejects.toMatchObject({
      code: 'command.key-reused',
    });
    expect(decide).not.toHaveBeenCalled();
  });

  it('does each of its several appends once, to one stream and to others', async () => {
    // Fails without ordinals in the commit id: the second append is taken for a repetition of the first.
    const { repository } = await bench();
    const handle = async (): Promise<number[]> => {
      const receipts = [
        await repository.save('1', add(1)),
        await repository.save('1', add(10)),
        await repository.save('2', add(100)),
      ];
      return receipts.map(({ version }) => version);
    };
    const first = await runInContext(keyed('a'), handle);
    const again = await runInContext(keyed('a'), handle);
    expect([first, again]).toEqual([
      [1, 2, 1],
      [1, 2, 1],
    ]);
    expect((await repository.load('1'))?.state.sum).toBe(11);
    expect((await repository.load('2'))?.state.sum).toBe(100);
  });

  it('finishes what an earlier handling began', async () => {
    const { repository } = await bench();
    await runInContext(keyed('a'), () => repository.save('1', add(1)));
    await runInContext(keyed('a'), async () => {
      await repository.save('1', add(1));
      await repository.save('2', add(1));
    });
    const sums = await Promise.all(['1', '2'].map(async (id) => (await repository.load(id))?.state.sum));
    expect(sums).toEqual([1, 1]);
  });

  it('of an update that has a version stated is found before the version is compared', async () => {
    const { repository } = await bench();
    await repository.create('1', add(1));
    const update = () =>
      runInContext(keyed('a'), () => repository.update('1', add(1), { expected: { kind: 'stated', version: 1 } }));
    await update();
    expect(await update()).toMatchObject({ version: 2, repeated: true });
  });
});

describe('two handlings of a keyed message at once', () => {
  it('take effect once, and only the first one’s state is kept as a snapshot [W-5]', async () => {
    // Fails without `!receipt.repeated`: the second handling would keep what it had decided itself.
    const { connection, another } = await bench();
    await another().create('1', (counter) => [1, 1, 1, 1].forEach((by) => counter.add(by)));
    const append = connection.events.append.bind(connection.events);
    const save = vi.spyOn(connection.snapshots, 'save');
    vi.spyOn(connection.events, 'append').mockImplementationOnce(async (...args) => {
      await runInContext(keyed('a'), () => another().update('1', add(1)));
      return append(...args);
    });
    const second = another();
    const receipt = await runInContext(keyed('a'), () => second.update('1', add(50)));
    await second.idle();
    expect(receipt).toMatchObject({ version: 5, repeated: true });
    expect(save.mock.calls.map(([snapshot]) => snapshot.state)).toEqual([expect.objectContaining({ sum: 5 })]);
  });
});

describe('a fresh message', () => {
  const fresh = () => createMessageContext({ messageId: '00000000-0000-4000-9000-000000000009', messageType: 'Add' });

  it('is not searched for on its first attempt', async () => {
    const { repository, connection } = await bench();
    const find = vi.spyOn(connection.events, 'findKeyed');
    await repository.create('1', add(1));
    const decide = vi.fn(add(1));
    await runInContext(fresh(), () => repository.update('1', decide));
    expect(decide).toHaveBeenCalledTimes(1);
    expect(find).not.toHaveBeenCalled();
  });

  it('whose append was stored although a conflict was answered is found by the retry, which decides nothing', async () => {
    // Fails without `search = true`, and with `load` for `reload` (the rival's snapshot hides the commit): the decision
    // runs a second time, on a state that holds its own effect.
    const { connection, another } = await bench();
    const stores = connection.events;
    const lossy: EventStore = {
      capabilities: stores.capabilities,
      read: (...args) => stores.read(...args),
      head: (...args) => stores.head(...args),
      findKeyed: (...args) => stores.findKeyed(...args),
      epoch: () => stores.epoch(),
      append: async (streams, options) => {
        const expected = streams[0]?.expected;
        await stores.append(streams, options);
        // The answer is lost; others follow, with a snapshot; the adapter sends the same again and sees theirs.
        const rival = another();
        await rival.update('1', (counter) => [100, 1, 1, 1, 1].forEach((by) => counter.add(by)));
        await rival.idle();
        lossy.append = (...args) => stores.append(...args);
        throw new StreamConflict('counter-1', expected ?? 'any', 11);
      },
    };
    const repository = another({ events: lossy });
    await another().create('1', (counter) => [1, 1, 1, 1, 1].forEach((by) => counter.add(by)));
    const decide = vi.fn(add(1));
    const receipt = await runInContext(fresh(), () => repository.update('1', decide));
    expect(decide).toHaveBeenCalledTimes(1);
    expect(receipt).toMatchObject({ version: 6, repeated: true });
    expect((await repository.load('1'))?.state.sum).toBe(110);
  });
});
