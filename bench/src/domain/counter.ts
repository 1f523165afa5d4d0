import { Aggregate, AggregateRoot, Apply, DomainEvent, EventTypes } from '@nestfold/core';
import { On, Projection, writes } from '@nestfold/projections';

@DomainEvent('bench.opened')
export class Opened {
  counterId!: string;
  label!: string;
}

@DomainEvent('bench.added')
export class Added {
  counterId!: string;
  by!: number;
}

export class CounterState {
  label = '';
  total = 0;
  changes = 0;
}

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

export class CounterView {
  _id!: string;
  label!: string;
  total!: number;
  changes!: number;
}

const view = writes(CounterView);

@Projection('counters', { version: 1, readModels: [CounterView] })
export class CounterProjection {
  @On(Opened) opened(event: Opened) {
    return view.insert(event.counterId, { label: event.label, total: 0, changes: 0 });
  }

  @On(Added) added(event: Added) {
    return view.increment(event.counterId, { total: event.by, changes: 1 });
  }
}

export const types = EventTypes.of([Opened, Added]);
