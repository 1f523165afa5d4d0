import { describe, expect, it, vi } from 'vitest';
import { runInContext } from '../context/current-context.js';
import { createMessageContext } from '../context/message-context.js';
import { ConfigurationError } from '../error/configuration.error.js';
import { EventTypes } from '../event/event-types.js';
import { statedVersion } from '../stream/expected-version.js';
import { AggregateRepository } from './aggregate-repository.js';
import { Added, bench, Counter, counterTypes, Named, type Bench } from './repository.fixture.js';

const streamOf = async ({ connection }: Bench, id = '1') => (await connection.events.read(`counter-${id}`)).commits;
const add = (by: number) => (counter: Counter) => counter.add(by);

describe('a write', () => {
  it('appends what the decision emitted as one commit, and answers where the stream stands', async () => {
    const at = await bench();
    const receipt = await at.repository.create('1', (counter) => {
      counter.add(1);
      counter.name('x');
    });
    const [commit] = await streamOf(at);
    // Visible, and so to be waited for, a moment after the commit's own time.
    expect(receipt).toEqual({ id: '1', version: 2, position: await at.connection.feed.now(), repeated: false });
    expect(commit).toMatchObject({
      firstVersion: 1,
      keyed: false,
      events: [{ type: 'counter.added' }, { type: 'counter.named' }],
    });
  });

  it('carries what the context of the handled message says', async () => {
    const at = await bench();
    const context = createMessageContext({
      messageId: '00000000-0000-4000-9000-000000000001',
      messageType: 'Add',
      correlationId: 'talk',
      actor: { id: 'ada', roles: ['admin'] },
      tenant: 'acme',
      traceparent: '00-1-2-01',
      custom: { source: 'test' },
    });
    await runInContext(context, () => at.repository.create('1', add(1)));
    const [commit] = await streamOf(at);
    expect(commit?.metadata).toEqual({
      correlationId: 'talk',
      causationId: context.messageId,
      actor: { id: 'ada', roles: ['admin'] },
      tenant: 'acme',
      traceparent: '00-1-2-01',
      custom: { source: 'test' },
    });
    expect(commit?.id).toBe(createMessageContext(context).commitIdFor('counter-1'));
  });

  it('outside of any handling has an id of its own each time', async () => {
    const at = await bench();
    await at.repository.create('1', add(1));
    await at.repository.update('1', add(1));
    expect((await at.repository.load('1'))?.state.sum).toBe(2);
  });

  it('appends nothing when nothing is emitted, and answers the present version', async () => {
    const at = await bench();
    const first = await at.repository.create('1', (counter) => counter.name('x'));
    const again = await at.repository.update('1', (counter) => counter.name('x'));
    const commits = await streamOf(at);
    expect(again).toEqual({ ...first, position: commits[0]?.time, repeated: false });
    expect(commits).toHaveLength(1);
    expect(await at.repository.create('2', () => undefined)).toMatchObject({ id: '2', version: 0 });
    await expect(at.repository.create('1', () => undefined)).rejects.toMatchObject({
      code: 'stream.conflict',
      actual: 1,
    });
  });

  it('stores nothing of a decision that throws [W-12]', async () => {
    const at = await bench();
    const decide = (counter: Counter): void => {
      counter.add(1);
      counter.add(-1);
    };
    await expect(at.repository.create('1', decide)).rejects.toMatchObject({ code: 'counter.not-positive' });
    expect(await streamOf(at)).toEqual([]);
  });

  it('refuses a decision that answers a promise, and stores nothing of it [W-12]', async () => {
    const at = await bench();
    const decide = (async (counter: Counter) => counter.add(1)) as unknown as (counter: Counter) => void;
    await expect(at.repository.create('1', decide)).rejects.toBeInstanceOf(ConfigurationError);
    expect(await streamOf(at)).toEqual([]);
  });

  it('refuses an unfit id as a mistake of the message', async () => {
    const at = await bench();
    await expect(at.repository.create('', add(1))).rejects.toMatchObject({ code: 'message.invalid' });
  });

  it('refuses an invalid date for when it occurred', async () => {
    const at = await bench();
    await expect(at.repository.create('1', add(1), { occurredAt: new Date(Number.NaN) })).rejects.toMatchObject({
      code: 'event.invalid',
      details: { path: 'occurredAt' },
    });
  });

  it('stores the decision’s own time, so that a replay sees what the decision saw', async () => {
    const at = await bench();
    const decidedAt = new Date(at.environment.now());
    const occurredAt = new Date('2001-02-03');
    // Time passes between the decision and the append; fails where the store takes its own time for `recordedAt`.
    const slowly = (counter: Counter): void => {
      counter.add(1);
      at.environment.time += 60_000;
    };
    await at.repository.create('1', slowly);
    await at.repository.update('1', slowly, { occurredAt });
    const loaded = await at.repository.load('1');
    expect(loaded?.state.history).toEqual([
      { version: 1, occurredAt: decidedAt, recordedAt: decidedAt },
      { version: 2, occurredAt, recordedAt: new Date(decidedAt.getTime() + 60_000) },
    ]);
  });
});

describe('create, update and save', () => {
  it('create refuses a stream that exists, after deciding at most on nothing', async () => {
    const at = await bench();
    await at.repository.create('1', add(1));
    await expect(at.repository.create('1', add(5))).rejects.toMatchObject({
      code: 'stream.conflict',
      expected: 'noStream',
      actual: 1,
    });
    expect((await at.repository.load('1'))?.state.sum).toBe(1);
  });

  it('create reads nothing before a fresh message’s append', async () => {
    const at = await bench();
    const read = vi.spyOn(at.connection.events, 'read');
    const find = vi.spyOn(at.connection.snapshots, 'find');
    await at.repository.create('1', add(1));
    expect([read.mock.calls.length, find.mock.calls.length]).toEqual([0, 0]);
  });

  it('update refuses a stream that does not exist, and decides nothing', async () => {
    const at = await bench();
    const decide = vi.fn();
    await expect(at.repository.update('1', decide)).rejects.toMatchObject({
      code: 'aggregate.not-found',
      stream: 'counter-1',
    });
    expect(decide).not.toHaveBeenCalled();
  });

  it('save takes either', async () => {
    const at = await bench();
    await at.repository.save('1', add(1));
    await at.repository.save('1', add(2));
    expect((await at.repository.load('1'))?.state.sum).toBe(3);
  });
});

describe('a stated version', () => {
  it('lets the write through where it is the stream’s', async () => {
    const at = await bench();
    await at.repository.create('1', add(1), { expected: statedVersion(0) });
    const receipt = await at.repository.update('1', add(1), { expected: statedVersion(1) });
    expect(receipt.version).toBe(2);
  });

  it.each(['create', 'update', 'save'] as const)(
    'is a conflict for %s where it is not, and nothing is decided [W-11]',
    async (method) => {
      const at = await bench();
      if (method !== 'create') await at.repository.create('1', add(1));
      const decide = vi.fn();
      await expect(at.repository[method]('1', decide, { expected: statedVersion(7) })).rejects.toMatchObject({
        code: 'stream.conflict',
        expected: { version: 7 },
      });
      expect(decide).not.toHaveBeenCalled();
    },
  );
});

describe('a version that the message states', () => {
  it('guards the first write of its handling, and no other', async () => {
    const at = await bench();
    await at.repository.create('1', add(1));
    await at.repository.create('2', add(1));
    const handle = (version: number): Promise<unknown> =>
      runInContext(
        createMessageContext({
          messageId: at.environment.uuid(),
          messageType: 'Add',
          expected: statedVersion(version),
        }),
        async () => {
          await at.repository.update('1', add(1));
          await at.repository.update('2', add(1));
          await at.repository.update('1', add(1));
        },
      );
    await expect(handle(2)).rejects.toMatchObject({ code: 'stream.conflict', actual: 1 });
    await handle(1);
    expect(await at.repository.load('1')).toMatchObject({ version: 3 });
  });
});

describe('load', () => {
  const filled = async (): Promise<Bench> => {
    const at = await bench();
    await at.repository.create('1', (counter) => {
      counter.add(1);
      counter.add(2);
      counter.add(3);
    });
    for (let by = 4; by <= 8; by += 1) await at.repository.update('1', add(by));
    await at.repository.idle();
    return at;
  };

  it('answers undefined for a stream without events', async () => {
    expect(await (await bench()).repository.load('1')).toBeUndefined();
  });

  it('answers the state with its methods, and the version', async () => {
    const loaded = await (await filled()).repository.load('1');
    expect(loaded).toMatchObject({ id: '1', version: 8, state: { sum: 36 } });
    expect(loaded?.state.describe()).toBe('unnamed: 36');
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'answers the state after version %i, within a commit and before a snapshot too [W-19]',
    async (version) => {
      const loaded = await (await filled()).repository.load('1', { version });
      expect(loaded).toMatchObject({ version, state: { sum: (version * (version + 1)) / 2 } });
    },
  );

  it('answers the last state for a version that is not there yet', async () => {
    expect(await (await filled()).repository.load('1', { version: 99 })).toMatchObject({
      version: 8,
      state: { sum: 36 },
    });
    expect(await (await filled()).repository.load('1', { version: 0 })).toBeUndefined();
  });

  it('answers the state by what had occurred up to a moment [W-19]', async () => {
    const at = await bench();
    for (const [index, day] of ['2020-01-01', '2020-03-01', '2020-02-01'].entries()) {
      await at.repository.save('1', add(10 ** index), { occurredAt: new Date(day) });
    }
    const sums = await Promise.all(
      ['2019-01-01', '2020-01-01', '2020-02-15', '2020-03-01'].map((day) =>
        at.repository.load('1', { at: new Date(day) }),
      ),
    );
    expect(sums.map((loaded) => loaded?.state.sum)).toEqual([undefined, 1, 101, 111]);
  });
});

describe('events of a newer build', () => {
  it('keep an older build from deciding and from snapshots [W-15]', async () => {
    const at = await bench();
    await at.repository.create('1', add(1));
    const [commit] = await streamOf(at);
    await at.connection.events.append([
      {
        stream: 'counter-1',
        expected: 'any',
        events: [
          { type: 'counter.added', schema: 2, data: { by: 'two' } },
          ...Array.from({ length: 9 }, () => commit!.events[0]!),
        ],
        commitId: '00000000-0000-4000-9000-000000000002',
        metadata: commit!.metadata,
      },
    ]);
    const decide = vi.fn();
    const save = vi.spyOn(at.connection.snapshots, 'save');
    await expect(at.repository.update('1', decide)).rejects.toMatchObject({
      code: 'event.from-newer-build',
      retry: 'later',
    });
    await expect(at.repository.load('1')).rejects.toMatchObject({ code: 'event.from-newer-build' });
    expect(decide).not.toHaveBeenCalled();
    expect(save).not.toHaveBeenCalled();
    expect(await at.repository.load('1', { version: 1 })).toMatchObject({ state: { sum: 1 } });
  });
});

describe('new AggregateRepository', () => {
  it('refuses an unsound aggregate at once', async () => {
    class Bare {}
    const { connection, environment } = await bench();
    const options = { ...connection, types: EventTypes.of([Added, Named]), environment };
    expect(() => new AggregateRepository(Bare, options)).toThrow(ConfigurationError);
    expect(() => new AggregateRepository(Counter, { ...options, types: counterTypes })).not.toThrow();
  });
});
