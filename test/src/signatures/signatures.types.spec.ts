// What a user writes, against the real packages: each line after an @ts-expect-error must be refused by the compiler.
// It is compiled (npm run test:types), never run. Kept in one-line form, since an expected error must stand on the next line.
import 'reflect-metadata';
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  Compensate,
  DomainEvent,
  EventContext,
  Handle,
  HandlerContext,
  Process,
  ProcessManager,
  StartOn,
  upcasts,
  type CommandReceipt,
  type Repository,
} from '@nestfold/core';
import { CommandHandler, InjectReadModel, InjectRepository, type CommandBus } from '@nestfold/nestjs';
import { EventsHandler, On, Projection, writes, type ReadModel } from '@nestfold/projections';
import { specification } from '@nestfold/testing';

class Money { amount!: string; plus(other: Money): Money { return other; } }
@DomainEvent('order.placed', { version: 2 }) class OrderPlaced { orderId!: string; customerId!: string; total!: number }
@DomainEvent('order.shipped') class OrderShipped { orderId!: string; at!: string }
@DomainEvent('order.cancelled') class OrderCancelled { orderId!: string; reason!: string }
@DomainEvent('customer.renamed') class CustomerRenamed { customerId!: string; name!: string }
// @ts-expect-error a value with methods would come back without them
@DomainEvent('bad') class Bad { orderId!: string; total!: Money }

class PlaceOrder extends Command { orderId!: string; customerId!: string; lines!: string[] }
class CancelOrder extends Command { orderId!: string; reason!: string; priority!: number }
// @ts-expect-error all fields are asked for
CancelOrder.of({ orderId: '1' });

class OrderState { status: 'none' | 'placed' | 'cancelled' = 'none' }
@Aggregate('order', { state: OrderState, events: [OrderPlaced, OrderCancelled], snapshotEvery: 200 })
class Order extends AggregateRoot<OrderState> {
  place(order: PlaceOrder) {
    const first = order.lines[0];
    this.require(first !== undefined, 'order.empty');
    void first.length;
    this.emit(OrderPlaced, { orderId: order.orderId, customerId: order.customerId, total: 1 });
    // @ts-expect-error a wrong type
    this.emit(OrderPlaced, { orderId: 1, customerId: '', total: 1 });
    // @ts-expect-error a missing field
    this.emit(OrderPlaced, { orderId: '1' });
  }
  @Handle(CancelOrder, { id: 'orderId', on: 'existing' }) cancel({ orderId, reason }: CancelOrder) { this.emit(OrderCancelled, { orderId, reason }); }
  // @ts-expect-error the stream id must be a string field
  @Handle(CancelOrder, { id: 'priority' }) cancelWrongly(command: CancelOrder) { void command; }
  @Apply(OrderPlaced) protected placed() { this.state.status = 'placed'; }
  // @ts-expect-error applying is synchronous
  @Apply(OrderPlaced) protected async placedLater() {}
  // @ts-expect-error another event's shape
  @Apply(OrderPlaced) protected wrong(event: OrderCancelled) { void event; }
}

class OrderView { _id!: string; status!: 'placed' | 'shipped'; customerId!: string; customerName!: string; total!: number; lines!: { sku: string }[] }
class CustomerCard { _id!: string; name!: string }
class Foreign { _id!: string; x!: string }
const view = writes(OrderView);
const card = writes(CustomerCard);
const foreign = writes(Foreign);

@Projection('order-view', { version: 3, readModels: [OrderView, CustomerCard], slicing: 'single' })
class OrderViewProjection {
  @On(OrderPlaced, { with: { customer: [CustomerCard, (e) => e.customerId] } })
  placed(e: OrderPlaced, { customer }: EventContext & { customer: CustomerCard | undefined }) {
    return view.insert(e.orderId, { status: 'placed', customerId: e.customerId, customerName: customer?.name ?? '', total: e.total, lines: [] });
  }
  @On(OrderShipped) shipped(e: OrderShipped) { return view.patch(e.orderId, { status: 'shipped' }); }
  @On(OrderShipped, OrderCancelled) gone(e: OrderShipped | OrderCancelled) { return view.remove(e.orderId); }
  @On(CustomerRenamed) renamed(e: CustomerRenamed) { return [card.patch(e.customerId, { name: e.name }), view.patchWhere({ customerId: e.customerId }, { customerName: e.name })]; }
  // @ts-expect-error a value that the model does not know
  @On(OrderShipped) typo(e: OrderShipped) { return view.patch(e.orderId, { status: 'shippd' }); }
  // @ts-expect-error incrementing a string
  @On(OrderShipped) sum(e: OrderShipped) { return view.increment(e.orderId, { status: 1 }); }
  // @ts-expect-error a forgotten return
  @On(OrderShipped) forgotten(e: OrderShipped) { view.remove(e.orderId); }
  // @ts-expect-error projections are synchronous
  @On(OrderShipped) async later(e: OrderShipped) { return view.remove(e.orderId); }
  // @ts-expect-error one of two events
  @On(OrderShipped, OrderCancelled) half(e: OrderCancelled) { return view.remove(e.orderId); }
}
// @ts-expect-error writes another projection's read model
@Projection('foreign', { version: 1, readModels: [OrderView] }) class ForeignProjection { @On(OrderShipped) x(e: OrderShipped) { return foreign.patch(e.orderId, { x: '' }); } }
// @ts-expect-error projections are pure: nothing is injected
@Projection('injected', { version: 1, readModels: [OrderView] }) class InjectedProjection { constructor(readonly money: Money) {} }

@CommandHandler(PlaceOrder) class PlaceOrderHandler {
  constructor(@InjectRepository(Order) private readonly orders: Repository<Order>) {}
  async execute(command: PlaceOrder) {
    // @ts-expect-error a decision is synchronous
    await this.orders.create('1', async (order) => { order.place(command); });
    return this.orders.create(command.orderId, (order) => order.place(command));
  }
}
// @ts-expect-error the handler's result is the command's
@CommandHandler(PlaceOrder) class WrongResult { async execute(command: PlaceOrder) { void command; return 5; } }
// @ts-expect-error the repository of another aggregate
class WrongRepository { constructor(@InjectRepository(Order) readonly orders: Repository<OrderView>) {} }
class Reader { constructor(@InjectReadModel(OrderView) readonly orders: ReadModel<OrderView>) {} }
// @ts-expect-error another read model
class WrongReader { constructor(@InjectReadModel(OrderView) readonly orders: ReadModel<CustomerCard>) {} }

@EventsHandler(OrderPlaced, OrderShipped, { name: 'order-mails', startFrom: 'now' })
class OrderMails { async handle(e: OrderPlaced | OrderShipped, context: HandlerContext) { void e; void context.idempotencyKey; } }
// @ts-expect-error name and start are part of the contract
@EventsHandler(OrderPlaced) class Nameless { async handle(e: OrderPlaced) { void e; } }

class FulfilmentState { total = 0; paymentId?: string }
class RefundPayment extends Command { paymentId!: string }
@ProcessManager('fulfilment', { version: 1, state: FulfilmentState }) class Fulfilment {
  @StartOn(OrderPlaced, { id: (e) => e.orderId }) start(e: OrderPlaced, process: Process<FulfilmentState>) {
    return [process.set({ total: e.total }), process.step('payment', RefundPayment.of({ paymentId: 'p' }), { within: '2m' })];
  }
  @Compensate('payment') refund(process: Process<FulfilmentState>) { return RefundPayment.of({ paymentId: process.state.paymentId ?? '' }); }
}
// @ts-expect-error another process's state
@ProcessManager('other', { version: 1, state: FulfilmentState }) class OtherState { @StartOn(OrderPlaced, { id: (e) => e.orderId }) start(e: OrderPlaced, process: Process<CustomerCard>) { void e; return process.set({ name: '' }); } }

interface PlacedV1 { orderId: string; customerId: string; total: string }
upcasts(OrderPlaced).from<PlacedV1>(1).to(2, (old) => ({ ...old, total: Number(old.total) })).current();
// @ts-expect-error the chain does not end in today's shape
upcasts(OrderPlaced).from<PlacedV1>(1).to(2, (old) => ({ ...old, sum: 1 })).current();

specification(Order).given(OrderPlaced, { orderId: '1', customerId: 'c', total: 2 }).when(CancelOrder.of({ orderId: '1', reason: 'r', priority: 1 })).then(OrderCancelled, { orderId: '1', reason: 'r' });
// @ts-expect-error an argument of the wrong type
specification(Order).when((order) => order.place('1'));

declare const bus: CommandBus;
export const receipt: Promise<CommandReceipt> = bus.execute(CancelOrder.of({ orderId: '', reason: '', priority: 1 }));
// @ts-expect-error a receipt is no string
export const text: Promise<string> = bus.execute(CancelOrder.of({ orderId: '', reason: '', priority: 1 }));
export { Bad, Fulfilment, ForeignProjection, InjectedProjection, Nameless, OrderMails, OrderViewProjection, OtherState, PlaceOrderHandler, Reader, WrongReader, WrongRepository, WrongResult };
