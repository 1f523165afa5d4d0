import { silentLogger, TransportUnavailable } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import type { EngineContext } from './engine-context.js';
import { GenerationView } from './generation-view.js';
import { RunnerView } from './runner-view.js';

/** A context whose time stands still until it is moved on. */
function clocked() {
  let now = 1_000_000;
  const context = { environment: { now: () => now }, logger: silentLogger } as unknown as EngineContext;
  return { context, pass: (milliseconds: number): void => void (now += milliseconds) };
}

const full = new Error('no space left');

describe('what failed', () => {
  // Ended by whatever is read before it, it was always young, and a process that stood still seemed well.
  it('is not over by what is read before it is met again, but by a batch, or by a while without failing [S-5]', () => {
    const { context, pass } = clocked();
    const view = new RunnerView(context);
    const follows = (): void => {
      view.begin(undefined);
      pass(999);
      view.moved(undefined, false);
    };
    view.retry('orders.1.1', full);
    const since = view.retrying?.since;
    for (let times = 0; times < 3; times += 1) {
      follows();
      view.retry('orders.1.1', full);
    }
    expect(view.retrying).toMatchObject({ error: 'no space left', since });
    follows();
    pass(1);
    view.moved(undefined, false);
    expect(view.retrying).toBeUndefined();

    view.retry('orders.1.1', full);
    view.begin(undefined);
    view.moved(undefined, true);
    expect(view.retrying).toBeUndefined();
  });

  it('at reading a topic is over once that is read, though nothing came', () => {
    const view = new RunnerView(clocked().context);
    view.retry('orders.1.1', new TransportUnavailable('The broker is away.'));
    view.begin(undefined);
    expect(view.retrying?.error).toBe('The broker is away.');
    view.moved(undefined, false);
    expect(view.retrying).toBeUndefined();
  });

  it('at looking for more partitions is said, but keeps none from moving that are fed', () => {
    const { context, pass } = clocked();
    const view = new GenerationView(context, 2);
    view.claims.retry('orders.1.1', full);
    expect(view.trouble?.error).toBe('no space left');
    pass(1);
    view.partitions[0]!.begin(undefined);
    expect(view.trouble?.error).toBe('a batch does not end');
    expect(view.retrying?.error).toBe('no space left');
  });
});
