import {
  ArrayNotEmpty,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  currentContext,
  DomainEvent,
  Handle,
  Query,
  Repository,
  type HandlerContext,
} from '@nestfold/core';
import { EventsHandler, On, Projection, writes, type ReadModel } from '@nestfold/projections';
import { CommandHandler } from './handler/command-handler.decorator.js';
import { QueryHandler } from './handler/query-handler.decorator.js';
import { InjectReadModel } from './injection/inject-read-model.decorator.js';
import { InjectRepository } from './injection/inject-repository.decorator.js';

// A small shop for this package's tests.

export class OrderLine {
  @IsString() @IsNotEmpty() sku!: string;
  @IsInt() @Min(1) quantity!: number;
}

@DomainEvent('order.placed')
export class OrderPlaced {
  orderId!: string;
  customer!: string;
  lines!: { sku: string; quantity: number }[];
}

@DomainEvent('order.cancelled')
export class OrderCancelled {
  orderId!: string;
  reason!: string;
}

export class PlaceOrder extends Command {
  @IsString() @IsNotEmpty() orderId!: string;
  @IsString() @MaxLength(20) customer!: string;
  @ArrayNotEmpty() @ValidateNested({ each: true }) @Type(() => OrderLine) lines!: OrderLine[];
}

export class CancelOrder extends Command {
  @IsString() @IsNotEmpty() orderId!: string;
  @IsString() @IsOptional() reason?: string;
}

export class Touch extends Command<string> {
  orderId!: string;
}

export class FindOrder extends Query<OrderView | undefined> {
  @IsString() @IsNotEmpty() orderId!: string;
}

export class OrderState {
  status = 'none';
}

@Aggregate('order', { state: OrderState, events: [OrderPlaced, OrderCancelled] })
export class Order extends AggregateRoot<OrderState> {
  place({ orderId, customer, lines }: PlaceOrder): void {
    this.require(this.state.status === 'none', 'order.already-placed');
    this.emit(OrderPlaced, { orderId, customer, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) });
  }

  @Handle(CancelOrder, { id: 'orderId' })
  cancel({ orderId, reason }: CancelOrder): void {
    this.require(this.state.status === 'placed', 'order.not-placed', 'Only a placed order can be cancelled.');
    this.emit(OrderCancelled, { orderId, reason: reason ?? '' });
  }

  @Apply(OrderPlaced)
  protected placed(): void {
    this.state.status = 'placed';
  }

  @Apply(OrderCancelled)
  protected cancelled(): void {
    this.state.status = 'cancelled';
  }
}

@CommandHandler(PlaceOrder)
export class PlaceOrderHandler {
  /** What the last command was, when it got here. */
  seen?: PlaceOrder;
  constructor(@InjectRepository(Order) private readonly orders: Repository<Order>) {}

  async execute(command: PlaceOrder) {
    this.seen = command;
    return this.orders.create(command.orderId, (order) => order.place(command));
  }
}

@CommandHandler(Touch)
export class TouchHandler {
  async execute(_command: Touch) {
    const { messageId, correlationId, principal } = currentContext() ?? {};
    return JSON.stringify({ messageId, correlationId, principal });
  }
}

export class OrderView {
  _id!: string;
  customer!: string;
  status!: string;
}

const view = writes(OrderView);

@Projection('order-view', { version: 1, readModels: [OrderView] })
export class OrderViewProjection {
  @On(OrderPlaced)
  placed(event: OrderPlaced) {
    return view.insert(event.orderId, { customer: event.customer, status: 'placed' });
  }

  @On(OrderCancelled)
  cancelled(event: OrderCancelled) {
    return view.patch(event.orderId, { status: 'cancelled' });
  }
}

@QueryHandler(FindOrder)
export class FindOrderHandler {
  constructor(@InjectReadModel(OrderView) private readonly orders: ReadModel<OrderView>) {}

  async execute({ orderId }: FindOrder) {
    return this.orders.findById(orderId);
  }
}

@EventsHandler(OrderPlaced, { name: 'order-mails', startFrom: 'beginning' })
export class OrderMails {
  readonly sent: string[] = [];

  async handle(event: OrderPlaced, context: HandlerContext) {
    this.sent.push(`${event.orderId} ${context.version}`);
  }
}
