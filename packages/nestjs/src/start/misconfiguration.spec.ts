import 'reflect-metadata';
import { Injectable, Scope } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Aggregate, AggregateRoot, DomainEvent, Repository } from '@nestfold/core';
import { EventsHandler, On, Projection, writes } from '@nestfold/projections';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CommandHandler, InjectRepository, NestfoldModule } from '../index.js';
import {
  CancelOrder,
  Order,
  OrderMails,
  OrderPlaced,
  OrderState,
  OrderView,
  OrderViewProjection,
  PlaceOrder,
  PlaceOrderHandler,
} from '../shop.fixture.js';
import { connect, problemsOf, store } from './problems-of.fixture.js';

@CommandHandler(CancelOrder)
class CancelAgain {
  async execute(): Promise<never> {
    throw new Error();
  }
}

@EventsHandler(OrderPlaced, { name: 'order-mails', startFrom: 'now' })
class OtherMails {
  handle(): void {}
}

afterEach(() => {
  expect(connect).not.toHaveBeenCalled();
  vi.clearAllMocks();
});

describe('start', () => {
  it('reports five mistakes in one message, each with its class and a remedy [S-1]', async () => {
    class Undecorated extends AggregateRoot<OrderState> {}
    @Injectable()
    class Needy {
      constructor(@InjectRepository(Undecorated) readonly repository: Repository<Undecorated>) {}
    }
    @CommandHandler(PlaceOrder)
    class SecondHandler extends PlaceOrderHandler {}
    @Projection('order-view', { version: 1, readModels: [OrderView] })
    class SameName {
      @On(OrderPlaced)
      placed(event: OrderPlaced) {
        return writes(OrderView).remove(event.orderId);
      }
    }

    const problems = await problemsOf({
      providers: [PlaceOrderHandler, SecondHandler, OrderViewProjection, SameName, OrderMails, OtherMails, Needy],
      feature: { aggregates: [Order], readModels: [OrderView] },
      options: { roles: ['comands' as 'commands', 'relay'] },
    });

    const message = problems.join('\n');
    expect(message).toContain('PlaceOrderHandler and SecondHandler both handle the command PlaceOrder');
    expect(message).toContain("OrderViewProjection and SameName are both named 'order-view'");
    expect(message).toContain('The read model OrderView is written by OrderViewProjection and SameName');
    expect(message).toContain("OrderMails and OtherMails are both named 'order-mails'");
    expect(message).toContain('Undecorated is used as an aggregate but has no @Aggregate');
    expect(message).toContain("got the role 'comands'");
    expect(message).toContain("got the role 'relay', but no transport");
    for (const problem of problems) expect(problem).toMatch(/: \S/);
  });

  it('refuses a command that a class and an aggregate handle', async () => {
    const problems = await problemsOf({ providers: [CancelAgain], feature: { aggregates: [Order] } });
    expect(problems).toEqual([
      expect.stringContaining('CancelAgain and Order.cancel both handle the command CancelOrder'),
    ]);
  });

  it('refuses a handler that two modules provide', async () => {
    const module = await Test.createTestingModule({
      imports: [
        NestfoldModule.forRoot({ store }),
        { module: class OneModule {}, providers: [CancelAgain] },
        { module: class OtherModule {}, providers: [CancelAgain] },
      ],
    }).compile();
    await expect(module.init()).rejects.toThrow('CancelAgain handles CancelOrder and is a provider of several modules');
  });

  it('refuses handlers without their method', async () => {
    class NoExecute {}
    CommandHandler(PlaceOrder)(NoExecute as unknown as typeof PlaceOrderHandler);
    class NoHandle {}
    EventsHandler(OrderPlaced, { name: 'none', startFrom: 'now' })(NoHandle as unknown as typeof OtherMails);
    expect(await problemsOf({ providers: [NoExecute, NoHandle] })).toEqual([
      expect.stringContaining('NoHandle bears @EventsHandler but has no method handle'),
      expect.stringContaining('NoExecute bears @CommandHandler but has no method execute'),
    ]);
  });

  it('refuses handlers that are made for each request', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class PerRequest extends CancelAgain {}
    CommandHandler(CancelOrder)(PerRequest);
    expect(await problemsOf({ providers: [PerRequest] })).toEqual([
      expect.stringContaining('PerRequest in RootTestModule handles CancelOrder, but is request-scoped'),
    ]);
  });

  it('refuses a projection into which something would be injected', async () => {
    @Injectable()
    class Clock {}
    class Injected {
      constructor(readonly clock: Clock) {}
      @On(OrderPlaced)
      placed(event: OrderPlaced) {
        return writes(OrderView).remove(event.orderId);
      }
    }
    Reflect.defineMetadata('design:paramtypes', [Clock], Injected);
    (Projection('injected', { version: 1, readModels: [OrderView] }) as (target: unknown) => void)(Injected);
    expect(await problemsOf({ providers: [Clock, Injected] })).toEqual([
      expect.stringContaining('Injected is a projection, but its constructor takes arguments'),
    ]);
  });

  it('refuses events without a name, and two of one name', async () => {
    class Nameless {
      id!: string;
    }
    @DomainEvent('order.placed')
    class Twin {
      id!: string;
    }
    @Projection('nameless', { version: 1, readModels: [OrderView] })
    class OfNameless {
      @On(Nameless)
      on(event: Nameless) {
        return writes(OrderView).remove(event.id);
      }
    }
    const problems = await problemsOf({ providers: [OfNameless], feature: { aggregates: [Order], events: [Twin] } });
    expect(problems).toEqual([
      expect.stringMatching(/OfNameless\.on.*Nameless.*no @DomainEvent/),
      expect.stringMatching(/Twin.*OrderPlaced|OrderPlaced.*Twin/),
    ]);
  });

  it('tells events of equal shape apart', async () => {
    @DomainEvent('a.happened')
    class A {
      id!: string;
    }
    @DomainEvent('b.happened')
    class B {
      id!: string;
    }
    @Projection('mixed-up', { version: 1, readModels: [OrderView] })
    class MixedUp {
      @On(A)
      a(event: B) {
        return writes(OrderView).remove(event.id);
      }
    }
    expect(await problemsOf({ providers: [MixedUp] })).toEqual([expect.stringMatching(/MixedUp\.a.*B/)]);
  });

  it('refuses aggregates that share a category or have an unfit one', async () => {
    @Aggregate('order', { state: OrderState, events: [] })
    class Twin extends AggregateRoot<OrderState> {}
    @Aggregate('an-order', { state: OrderState, events: [] })
    class Dashed extends AggregateRoot<OrderState> {}
    expect(await problemsOf({ feature: { aggregates: [Order, Twin, Dashed] } })).toEqual([
      expect.stringMatching(/Dashed.*'an-order'/),
      expect.stringContaining("Order and Twin share the category 'order'"),
    ]);
  });
});
