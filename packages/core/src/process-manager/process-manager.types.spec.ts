import { Command } from '../command/command.js';
import { DomainEvent } from '../event/domain-event.decorator.js';
import { Process } from './process.js';
import { Compensate, ProcessManager, StartOn } from './process-manager.decorator.js';

@DomainEvent('order.placed')
class OrderPlaced {
  orderId!: string;
  total!: number;
}
class FulfilmentState {
  total = 0;
  paymentId?: string;
}
class CardState {
  name = '';
}
class RefundPayment extends Command {
  paymentId!: string;
}

@ProcessManager('fulfilment', { version: 1, state: FulfilmentState })
class Fulfilment {
  @StartOn(OrderPlaced, { id: (e) => e.orderId })
  start(e: OrderPlaced, process: Process<FulfilmentState>) {
    return [
      process.set({ total: e.total }),
      process.step('payment', RefundPayment.of({ paymentId: 'p' }), { within: '2m' }),
    ];
  }

  @Compensate('payment')
  refund(process: Process<FulfilmentState>) {
    return RefundPayment.of({ paymentId: process.state.paymentId ?? '' });
  }

  // @ts-expect-error a forgotten return
  @StartOn(OrderPlaced, { id: (e) => e.orderId })
  forgotten(e: OrderPlaced, process: Process<FulfilmentState>) {
    process.set({ total: e.total });
  }

  // @ts-expect-error a process decides at once
  @StartOn(OrderPlaced, { id: (e) => e.orderId })
  async later(e: OrderPlaced, process: Process<FulfilmentState>) {
    return process.set({ total: e.total });
  }

  // @ts-expect-error a compensation is a command
  @Compensate('payment')
  nothing(process: Process<FulfilmentState>) {
    void process;
  }

  // @ts-expect-error the id is a text
  @StartOn(OrderPlaced, { id: (e) => e.total })
  byNumber(e: OrderPlaced, process: Process<FulfilmentState>) {
    return process.set({ total: e.total });
  }
}

// @ts-expect-error another process's state
@ProcessManager('other', { version: 1, state: FulfilmentState })
class OtherState {
  @StartOn(OrderPlaced, { id: (e) => e.orderId })
  start(e: OrderPlaced, process: Process<CardState>) {
    void e;
    return process.set({ name: '' });
  }
}

// @ts-expect-error a process manager is pure: nothing is injected
@ProcessManager('injected', { version: 1, state: FulfilmentState })
class Injected {
  constructor(readonly clock: Date) {}
}

export { Fulfilment, Injected, OtherState };
