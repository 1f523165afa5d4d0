import { describe, expect, it } from 'vitest';
import { Command } from '../command/command.js';
import { EventContext } from '../context/event-context.js';
import { DomainEvent } from '../event/domain-event.decorator.js';
import { aggregateDefinitionOf } from './aggregate-definition.js';
import { AggregateRoot } from './aggregate-root.js';
import { Aggregate } from './aggregate.decorator.js';
import { Apply } from './apply.decorator.js';
import { Handle } from './handle.decorator.js';

@DomainEvent('door.opened')
class Opened {
  by!: string;
}
@DomainEvent('door.closed')
class Closed {
  by!: string;
}
@DomainEvent('door.painted')
class Painted {
  colour!: string;
}
class Open extends Command {
  doorId!: string;
}
class Close extends Command {
  doorId!: string;
}
class DoorState {
  open = false;
}

@Aggregate('door', { state: DoorState, events: [Opened, Closed, Painted], snapshotEvery: 10 })
class Door extends AggregateRoot<DoorState> {
  @Handle(Open, { id: 'doorId', on: 'any' })
  unlock(command: Open): void {
    this.emit(Opened, { by: command.doorId });
  }

  @Handle(Close, { id: 'doorId' })
  lock(command: Close): void {
    this.emit(Closed, { by: command.doorId });
  }

  @Apply(Opened)
  protected opened(): void {
    this.state.open = true;
  }

  @Apply(Closed)
  protected closed(event: Closed, context: EventContext): void {
    void [event, context];
    this.state.open = false;
  }
}

const problemsOf = (aggregate: new () => object): readonly string[] => {
  try {
    aggregateDefinitionOf(aggregate);
    return [];
  } catch (error) {
    return (error as { details: { problems: readonly string[] } }).details.problems;
  }
};

describe('aggregateDefinitionOf', () => {
  it('answers what the decorators say, once for each class', () => {
    const definition = aggregateDefinitionOf(Door);
    expect(definition).toMatchObject({
      category: 'door',
      aggregate: Door,
      state: DoorState,
      events: [Opened, Closed, Painted],
      snapshotEvery: 10,
    });
    expect(definition.handles).toEqual([
      { command: Open, idField: 'doorId', on: 'any', method: 'unlock' },
      { command: Close, idField: 'doorId', on: 'existing', method: 'lock' },
    ]);
    expect([...definition.appliers]).toEqual([
      [Opened, 'opened'],
      [Closed, 'closed'],
    ]);
    expect(aggregateDefinitionOf(Door)).toBe(definition);
  });

  it('takes an event without applier', () => {
    expect(aggregateDefinitionOf(Door).steps.get('door.painted')).toMatchObject({ takesContext: false });
  });

  it('finds which appliers take a context, also where a method hides its parameters', () => {
    class Shy extends AggregateRoot<DoorState> {
      @Apply(Opened)
      protected opened(...all: unknown[]): void {
        void all;
      }
      @Apply(Closed)
      protected closed(event: Closed, context: EventContext | undefined = undefined): void {
        void [event, context];
      }
      @Apply(Painted)
      protected painted({ colour }: Painted): void {
        void colour;
      }
    }
    Aggregate('shy', { state: DoorState, events: [Opened, Closed, Painted] })(Shy);
    const { steps } = aggregateDefinitionOf(Shy);
    expect(['door.opened', 'door.closed', 'door.painted'].map((name) => steps.get(name)?.takesContext)).toEqual([
      true,
      true,
      false,
    ]);
    expect(aggregateDefinitionOf(Door).steps.get('door.opened')?.takesContext).toBe(false);
  });

  it('takes appliers and handles of a base class, and an override of one', () => {
    class Gate extends Door {
      @Apply(Opened)
      protected override opened(): void {
        this.state.open = false;
      }
    }
    Aggregate('gate', { state: DoorState, events: [Opened, Closed, Painted] })(Gate);
    const definition = aggregateDefinitionOf(Gate);
    expect(definition.steps.get('door.opened')?.apply).toBe(Gate.prototype['opened']);
    expect(definition.handles).toHaveLength(2);
  });

  it('refuses a class without @Aggregate, also where its base class bears one', () => {
    class Gate extends Door {}
    expect(() => aggregateDefinitionOf(Gate)).toThrow(/Gate is used as an aggregate but has no @Aggregate: add/);
  });

  it('lists all that is wrong in one configuration error [S-1]', () => {
    class Undecorated {}
    @DomainEvent('door.opened')
    class OpenedTwin {
      by!: string;
    }
    class Wrong extends AggregateRoot<DoorState> {
      @Apply(Opened)
      protected one(): void {}
      @Apply(Opened)
      protected two(): void {}
      @Apply(Painted)
      protected painted(): void {}
      // Equal in shape, so that the compiler cannot tell them apart.
      @Apply(Closed)
      protected mixedUp(event: Opened): void {
        void event;
      }
      @Handle(Open, { id: 'doorId' })
      open(command: Close): void {
        void command;
      }
      @Handle(Open, { id: 'doorId' })
      openAgain(): void {}
    }
    Aggregate('a-b', {
      state: DoorState,
      events: [Opened, Closed, Undecorated, OpenedTwin],
      snapshotEvery: 0,
      stateRevision: 0.5,
    })(Wrong);
    expect(problemsOf(Wrong)).toEqual([
      expect.stringMatching(/^Wrong: 'a-b' is no stream category/),
      expect.stringMatching(/^Wrong has snapshotEvery 0: use a whole number/),
      expect.stringMatching(/^Wrong has stateRevision 0\.5: use a whole number/),
      expect.stringMatching(/^Wrong: Undecorated is used as an event but has no @DomainEvent/),
      expect.stringMatching(/^Wrong lists Opened and OpenedTwin, both named 'door\.opened'/),
      expect.stringMatching(/^Wrong\.two and one both apply Opened: keep one/),
      expect.stringMatching(/^Wrong\.painted applies Painted, which @Aggregate does not list/),
      expect.stringMatching(/^Wrong\.mixedUp with @Apply\(Closed\) takes a Opened: let its parameter be a Closed/),
      expect.stringMatching(/^Wrong\.open with @Handle\(Open\) takes a Close: let its parameter be a Open/),
      expect.stringMatching(/^Wrong\.openAgain and open both handle Open: keep one/),
    ]);
  });

  it('refuses an asynchronous applier that a cast hid from the compiler', () => {
    class Late extends AggregateRoot<DoorState> {
      protected async opened(): Promise<void> {}
    }
    const decorate = Apply(Opened) as (target: object, key: string, descriptor: PropertyDescriptor) => void;
    decorate(Late.prototype, 'opened', {});
    Aggregate('late', { state: DoorState, events: [Opened] })(Late);
    expect(problemsOf(Late)).toEqual([expect.stringMatching(/^Late\.opened with @Apply\(Opened\) is asynchronous/)]);
  });

  it('refuses a class that is no AggregateRoot, and a category of the system', () => {
    class Plain {
      declare protected readonly state: DoorState;
    }
    (Aggregate('$door', { state: DoorState, events: [] }) as unknown as (target: new () => object) => void)(Plain);
    expect(problemsOf(Plain)).toEqual([
      expect.stringMatching(/categories beginning with '\$' are the system's/),
      expect.stringMatching(/Plain bears @Aggregate but does not extend AggregateRoot/),
    ]);
  });

  it('refuses snapshots of a state that storage would not bring back', () => {
    class MapState {
      lines = new Map<string, number>();
    }
    @Aggregate('cart', { state: MapState, events: [], snapshotEvery: 5 })
    class Cart extends AggregateRoot<MapState> {}
    @Aggregate('cart', { state: MapState, events: [] })
    class CartWithoutSnapshots extends AggregateRoot<MapState> {}
    expect(problemsOf(Cart)).toEqual([
      expect.stringMatching(/^Cart keeps snapshots, but its MapState is not plain data: 'lines' is a Map/),
    ]);
    expect(problemsOf(CartWithoutSnapshots)).toEqual([]);
  });
});

describe('the snapshot revision', () => {
  const revisionOf = (
    state: new () => object,
    events: readonly (new () => object)[],
    stateRevision?: number,
  ): number => {
    class Any extends AggregateRoot<object> {}
    Aggregate('any', { state, events, ...(stateRevision !== undefined && { stateRevision }) })(Any);
    return aggregateDefinitionOf(Any).snapshotRevision;
  };
  class Renamed {
    shut = false;
  }
  @DomainEvent('door.opened', { version: 1 })
  class SameOpened {}
  @DomainEvent('door.opened', { version: 2 })
  class NewerOpened {}

  it('is the same in every process, and fits a 32-bit integer', () => {
    expect(revisionOf(DoorState, [Opened, Closed])).toBe(revisionOf(DoorState, [Closed, SameOpened]));
    expect(revisionOf(DoorState, [Opened])).toBeLessThan(2 ** 31);
  });

  it('changes with the declared revision, the state’s fields, the events and their versions', () => {
    const revisions = [
      revisionOf(DoorState, [Opened]),
      revisionOf(DoorState, [Opened], 2),
      revisionOf(Renamed, [Opened]),
      revisionOf(DoorState, [Opened, Closed]),
      revisionOf(DoorState, [NewerOpened]),
    ];
    expect(new Set(revisions).size).toBe(revisions.length);
  });
});
