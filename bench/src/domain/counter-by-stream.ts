import { On, Projection, writes } from '@nestfold/projections';
import { Added, Opened } from './counter.js';

/** A counter as it is read, fed by its own stream. */
export class CounterTotal {
  _id!: string;
  label!: string;
  total!: number;
  changes!: number;
}

const view = writes(CounterTotal);

/** As `CounterProjection`, but built by worker threads. */
@Projection('counter-totals', {
  version: 1,
  readModels: [CounterTotal],
  slicing: 'stream',
  module: import.meta.url,
})
export class CounterTotalProjection {
  @On(Opened) opened(event: Opened) {
    return view.insert(event.counterId, { label: event.label, total: 0, changes: 0 });
  }

  @On(Added) added(event: Added) {
    return view.increment(event.counterId, { total: event.by, changes: 1 });
  }
}
