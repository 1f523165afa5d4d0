import { describe, expect, it } from 'vitest';
import { Command } from '../command/command.js';
import { DomainEvent } from '../event/domain-event.decorator.js';
import { Compensate, ProcessManager, StartOn } from './process-manager.decorator.js';
import { processManagerDefinitionOf } from './process-manager-definition.js';
import { Process, type Effect } from './process.js';

@DomainEvent('order.placed')
class OrderPlaced {
  orderId!: string;
}
@DomainEvent('order.imported')
class OrderImported {
  orderId!: string;
}
class State {
  total = 0;
}
class Refund extends Command {}
const effect: Effect = { effect: true };

@ProcessManager('fulfilment', { version: 2, state: State })
class Fulfilment {
  @StartOn(OrderPlaced, { id: (e) => e.orderId })
  start(): Effect {
    return effect;
  }

  @Compensate('payment')
  refund(process: Process<State>): Refund {
    void process;
    return Refund.of({});
  }
}

describe('processManagerDefinitionOf', () => {
  it('answers what the decorators say', () => {
    const definition = processManagerDefinitionOf(Fulfilment);
    expect(definition).toMatchObject({ name: 'fulfilment', version: 2, manager: Fulfilment, state: State });
    expect(definition.starts).toMatchObject([{ event: OrderPlaced, method: 'start' }]);
    expect(definition.starts[0]?.id({ orderId: '7' })).toBe('7');
    expect([...definition.compensations]).toEqual([['payment', 'refund']]);
  });

  it('refuses a class without @ProcessManager', () => {
    class Bare {}
    expect(() => processManagerDefinitionOf(Bare)).toThrow(
      /Bare is used as a process manager but has no @ProcessManager: add/,
    );
  });

  it('lists all that is wrong in one configuration error', () => {
    class Undecorated {
      orderId!: string;
    }
    class Wrong {
      @StartOn(OrderPlaced, { id: (e) => e.orderId })
      one(): Effect {
        return effect;
      }
      @StartOn(OrderPlaced, { id: (e) => e.orderId })
      two(): Effect {
        return effect;
      }
      @StartOn(Undecorated, { id: (e) => e.orderId })
      three(): Effect {
        return effect;
      }
      // Equal in shape, so that the compiler cannot tell them apart.
      @StartOn(OrderImported, { id: (e) => e.orderId })
      mixedUp(event: OrderPlaced): Effect {
        void event;
        return effect;
      }
      @Compensate('payment')
      refund(): Refund {
        return Refund.of({});
      }
      @Compensate('payment')
      refundAgain(): Refund {
        return Refund.of({});
      }
    }
    class Idle {}
    ProcessManager('no good', { version: 0, state: State })(Wrong);
    ProcessManager('idle', { version: 1, state: State })(Idle);
    expect(() => processManagerDefinitionOf(Wrong)).toThrow(
      expect.objectContaining({
        code: 'configuration',
        details: {
          problems: [
            expect.stringMatching(/^Wrong is named 'no good' in @ProcessManager/),
            expect.stringMatching(/^Wrong has version 0/),
            expect.stringMatching(/^Wrong\.two and one both start on OrderPlaced: keep one/),
            expect.stringMatching(/^Wrong: Undecorated is used as an event but has no @DomainEvent/),
            expect.stringMatching(/^Wrong\.mixedUp with @StartOn\(OrderImported\) takes a OrderPlaced/),
            expect.stringMatching(/^Wrong\.refundAgain and refund both compensate 'payment': keep one/),
          ],
        },
      }),
    );
    expect(() => processManagerDefinitionOf(Idle)).toThrow(/Idle never begins: add @StartOn/);
  });
});
