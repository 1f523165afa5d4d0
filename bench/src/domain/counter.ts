import { Aggregate, AggregateRoot, Apply, DomainEvent, EventTypes } from '@nestfold/core';
import { On, Projection, writes } from '@nestfold/projections';

/** A counter begins. */
@DomainEvent('bench.opened')
export class Opened {
  counterId!: string;
  label!: string;
}

/** A counter goes up. */
@DomainEvent('bench.added')
export class Added {
  counterId!: string;
  by!: number;
}

/** What a counter knows of itself. */
export class CounterState {
  label = '';
  total = 0;
  changes = 0;
}

/** A counter without rules: what is measured is the way, not the decision. */
@Aggregate('counter', { state: CounterState, events: [Opened, Added] })
export class Counter extends AggregateRoot<CounterState> {
  @Apply(Opened) protected opened(event: Opened): void {
    this.state.label = event.label;
  }

  @Apply(Added) protected added(event: Added): void {
    this.state.total += event.by;
    this.state.changes += 1;
  }
}

/** A counter as it is read. */
export class CounterView {
  _id!: string;
  label!: string;
  total!: number;
  changes!: number;
}

const view = writes(CounterView);

/** Writes each document once a batch, whatever the number of events. */
@Projection('counters', { version: 1, readModels: [CounterView] })
export class CounterProjection {
  @On(Opened) opened(event: Opened) {
    return view.insert(event.counterId, { label: event.label, total: 0, changes: 0 });
  }

  @On(Added) added(event: Added) {
    return view.increment(event.counterId, { total: event.by, changes: 1 });
  }
}

/** The bench's events. */
export const types = EventTypes.of([Opened, Added]);
