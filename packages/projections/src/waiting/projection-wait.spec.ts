import {
  storeTime,
  type Checkpoint,
  type Environment,
  type Generation,
  type GenerationRegistry,
  type Watermark,
} from '@nestfold/core';
import { systemEnvironment } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { projectionDefinitionOf } from '../definition/projection-definition.js';
import { altered } from '../fixtures/altered-store.fixture.js';
import { contextOf } from '../fixtures/engines.fixture.js';
import { OrderViewProjection } from '../fixtures/shop.fixture.js';
import { memory } from '../fixtures/store.fixture.js';
import { LivePointer } from '../reading/live-pointer.js';
import type { ProjectionSupervisor } from '../running/projection-supervisor.js';
import { ProjectionWait } from './projection-wait.js';
import type { WaitTarget } from './wait-for.js';

const target: WaitTarget = { stream: 'order-1', version: 1, position: storeTime(9, 0), types: ['order.placed'] };
const generation = (number: number, more: Partial<Generation> = {}): Generation =>
  ({
    id: `order-view.1.${number}`,
    projection: 'order-view',
    version: 1,
    number,
    state: 'live',
    partitions: 1,
    ...more,
  }) as Generation;

/** A projection of which a script says which generation is live, and what each has applied. */
async function scripted(
  live: () => Generation,
  applied: Record<string, number> = {},
  floors: Record<string, string> = {},
) {
  const store = await memory();
  const registry = {
    entry: async () => ({ projection: 'order-view', version: 1, live: live().number }),
    generations: async () => [live()],
  } as unknown as GenerationRegistry;
  const watermarks = async (key: string) => {
    const version = applied[key] ?? 0;
    return new Map<string, Watermark>([['order-1', { stream: 'order-1', seen: version, applied: version }]]);
  };
  const find = async (key: string): Promise<Checkpoint | undefined> =>
    floors[key] === undefined ? undefined : { key, token: 1, batch: '', floor: floors[key] };
  const context = contextOf({ ...store, checkpoints: altered(store.checkpoints, { watermarks, find }) });
  const pointer = new LivePointer(registry, systemEnvironment, 'order-view', 1, 60_000);
  const view = {};
  const supervisor = { definition: projectionDefinitionOf(OrderViewProjection), view, runner: undefined };
  const wait = new ProjectionWait(context, supervisor as unknown as ProjectionSupervisor, pointer);
  return { context, pointer, view, wait };
}

describe('ProjectionWait', () => {
  // Without the second look at the pointer the former generation's watermark answers, and a read of the live one sees nothing.
  it('counts nothing that only the former generation has applied', async () => {
    let number = 1;
    const applied: Record<string, number> = { 'order-view.1.1/0': 1 };
    const { pointer, wait } = await scripted(() => generation(number), applied);
    await pointer.renew();
    number = 2;
    expect(await wait.until(target, 50)).toMatchObject({ applied: false, reason: 'timeout' });
    applied['order-view.1.2/0'] = 1;
    expect(await wait.until(target, 1_000)).toEqual({ applied: true });
  });

  it('counts nothing that this process was told of the former generation', async () => {
    let number = 1;
    const { context, pointer, wait } = await scripted(() => generation(number));
    await pointer.renew();
    const waiting = wait.until(target, 100);
    number = 2;
    const commit = { stream: 'order-1', firstVersion: 1, events: [{}] };
    context.waiters.tell('order-view.1.1', [{ commit } as never]);
    expect(await waiting).toMatchObject({ reason: 'timeout' });
  });

  // Without it a reader of a process that the notice of the swap has not reached yet sees less than what was waited for.
  it('waits for the former generation too, as long as other processes may show it, and it is fed', async () => {
    let number = 1;
    const applied: Record<string, number> = { 'order-view.1.2/0': 1 };
    const { context, pointer, wait } = await scripted(() => generation(number), applied);
    let former: Generation | undefined = generation(1);
    const generations = altered(context.connection.generations, { generation: async () => former });
    Object.assign(context, { connection: { ...context.connection, generations } });
    await pointer.renew();
    number = 2;
    await pointer.renew();
    expect(await wait.until(target, 50)).toMatchObject({
      reason: 'timeout',
      detail: expect.stringContaining('former'),
    });
    applied['order-view.1.1/0'] = 1;
    expect(await wait.until(target, 1_000)).toEqual({ applied: true });
    applied['order-view.1.1/0'] = 0;
    former = undefined;
    expect(await wait.until(target, 1_000)).toEqual({ applied: true });
  });

  it('remembers what it was told of a generation that becomes live later', async () => {
    let number = 1;
    const { context, pointer, wait } = await scripted(() => generation(number));
    await pointer.renew();
    const waiting = wait.until(target, 5_000);
    const commit = { stream: 'order-1', firstVersion: 1, events: [{}] };
    context.waiters.tell('order-view.1.2', [{ commit } as never]);
    number = 2;
    // As the engine does when the registry has changed.
    pointer.forget();
    context.waiters.wake();
    expect(await waiting).toEqual({ applied: true });
  });

  it('leaves later readers the generation that it found', async () => {
    let number = 1;
    const { pointer, wait } = await scripted(() => generation(number), {
      'order-view.1.2/0': 1,
      'order-view.1.1/0': 1,
    });
    expect(await pointer.with(async ({ id }) => id)).toBe('order-view.1.1');
    number = 2;
    // No notice came: by itself the pointer would be believed for a minute.
    expect(await wait.until(target, 1_000)).toEqual({ applied: true });
    expect(await pointer.with(async ({ id }) => id)).toBe('order-view.1.2');
  });

  it('answers at once who paused the projection, save for what was applied before', async () => {
    const marks: Record<string, number> = {};
    const { view, wait } = await scripted(() => generation(1), marks);
    Object.assign(view, { entry: { paused: { by: 'ada', at: new Date(0) } } });
    const outcome = await wait.until(target, 60_000);
    expect(outcome).toMatchObject({ applied: false, reason: 'paused', detail: expect.stringContaining('ada') });
    expect(await wait.until({ ...target, types: ['audit.noted'] }, 60_000)).toEqual({ applied: true });
  });

  // Without the look at the floor, whatever lies before the last minutes would be waited for in vain: its watermarks are swept.
  it('believes the floor where there is no watermark any more, for what lies below it', async () => {
    const { wait } = await scripted(() => generation(1), {}, { 'order-view.1.1/0': storeTime(9, 1) });
    expect(await wait.until(target, 5_000)).toEqual({ applied: true });
    expect(await wait.until({ ...target, position: storeTime(9, 1) }, 30)).toMatchObject({ reason: 'timeout' });
  });

  it('answers a parked stream before it believes a floor', async () => {
    const { context, wait } = await scripted(() => generation(1), {}, { 'order-view.1.1/0': storeTime(99, 0) });
    expect(await wait.until(target, 50)).toEqual({ applied: true });
    const among = async ([id]: readonly string[]) => [{ id, applied: 0, error: { event: 'order-1:1' } }] as never;
    const connection = { ...context.connection, parked: altered(context.connection.parked, { among }) };
    Object.assign(context, { connection });
    expect(await wait.until(target, 50)).toMatchObject({ reason: 'parked' });
  });

  // Looked up before the floor, a stream that was parked between the two reads counted as applied.
  it('looks for the parked stream when it has the floor, never before', async () => {
    const { context, wait } = await scripted(() => generation(1));
    const { checkpoints, parked } = context.connection;
    let isLater = false;
    const key = 'order-view.1.1/0';
    const find = async (): Promise<Checkpoint> => {
      const floor = isLater ? storeTime(99, 0) : storeTime(1, 0);
      isLater = true;
      return { key, token: 1, batch: '', floor };
    };
    const among = async ([id]: readonly string[]) => {
      const found = isLater ? [{ id, applied: 0, error: { event: 'order-1:1' } }] : [];
      isLater = true;
      return found as never;
    };
    const connection = {
      ...context.connection,
      checkpoints: altered(checkpoints, { find }),
      parked: altered(parked, { among }),
    };
    Object.assign(context, { connection });
    expect(await wait.until(target, 50)).toMatchObject({ reason: 'parked' });
  });
});

describe('LivePointer.renew', () => {
  it('is not undone by a question that was put before', async () => {
    let number = 1;
    let answer = (): void => {};
    let slow = false;
    const registry = {
      entry: async () => {
        const live = number;
        if (slow) await new Promise<void>((resolve) => (answer = resolve));
        return { projection: 'order-view', version: 1, live };
      },
      generations: async () => [generation(1), generation(2)],
    } as unknown as GenerationRegistry;
    const pointer = new LivePointer(registry, systemEnvironment, 'order-view', 1, 60_000);
    slow = true;
    const before = pointer.with(async ({ id }) => id);
    slow = false;
    number = 2;
    expect((await pointer.renew()).id).toBe('order-view.1.2');
    answer();
    expect(await before).toBe('order-view.1.1');
    expect(await pointer.with(async ({ id }) => id)).toBe('order-view.1.2');
  });

  it('shares one question among those who ask together, and never joins one that is under way', async () => {
    let asked = 0;
    const registry = {
      entry: async () => ({ projection: 'order-view', version: 1, live: 1 }),
      generations: async () => {
        asked += 1;
        return [generation(1)];
      },
    } as unknown as GenerationRegistry;
    const pointer = new LivePointer(registry, systemEnvironment, 'order-view', 1, 60_000);
    await Promise.all([pointer.renew(), pointer.renew(), pointer.renew()]);
    expect(asked).toBe(1);
    const first = pointer.renew();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.all([first, pointer.renew(), pointer.renew()]);
    expect(asked).toBe(3);
  });

  // Without a limit one lost answer was shared by all who waited or read in this process from then on.
  it('does without the answer to a question that is lost, as readers do', async () => {
    let isSilent = true;
    const registry = {
      entry: () =>
        isSilent ? new Promise(() => undefined) : Promise.resolve({ projection: 'order-view', version: 1, live: 1 }),
      generations: async () => [generation(1)],
    } as unknown as GenerationRegistry;
    const sleep: Environment['sleep'] = (_, signal) => systemEnvironment.sleep(10, signal);
    const pointer = new LivePointer(registry, { ...systemEnvironment, sleep }, 'order-view', 1, 60_000);
    const asked = [pointer.renew(), pointer.with(async ({ id }) => id), pointer.renew()];
    for (const one of await Promise.allSettled(asked))
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'store.unavailable' } });
    isSilent = false;
    expect((await pointer.renew()).id).toBe('order-view.1.1');
    expect(await pointer.with(async ({ id }) => id)).toBe('order-view.1.1');
  });
});
