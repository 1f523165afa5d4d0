import { Module } from '@nestjs/common';
import { NestfoldModule } from '@nestfold/nestjs';
import { CustomerOrdersController } from './api/customer-orders.controller.js';
import { OrdersController } from './api/orders.controller.js';
import { ReportsController } from './api/reports.controller.js';
import { AddItemHandler } from './commands/add-item.command.js';
import { DraftOrderHandler } from './commands/draft-order.command.js';
import { Order } from './domain/order.aggregate.js';
import { Customers } from './ports/customers.port.js';
import { Prices } from './ports/prices.port.js';
import { DailyReportHandler } from './queries/daily-report.query.js';
import { FindCustomerOrdersHandler } from './queries/find-customer-orders.query.js';
import { FindOrderHandler } from './queries/find-order.query.js';
import { SearchOrdersHandler } from './queries/search-orders.query.js';
import { CustomerCard, ProductCard } from './read-models/orders-read/cards.read-model.js';
import { OrderRead } from './read-models/orders-read/order-read.read-model.js';
import { OrdersReadProjection } from './read-models/orders-read/orders-read.projection.js';
import { CustomersFromCards, PricesFromCards } from './read-models/orders-read/own-cards.js';
import { DayCustomer, DayProduct, OrdersSummary } from './read-models/orders-summary/orders-summary.read-models.js';
import { OrdersSummaryProjection } from './read-models/orders-summary/orders-summary.projection.js';

/** The context of orders: what customers buy. */
@Module({
  imports: [
    NestfoldModule.forFeature({
      aggregates: [Order],
      readModels: [OrderRead, CustomerCard, ProductCard, OrdersSummary, DayCustomer, DayProduct],
    }),
  ],
  controllers: [OrdersController, CustomerOrdersController, ReportsController],
  providers: [
    { provide: Prices, useClass: PricesFromCards },
    { provide: Customers, useClass: CustomersFromCards },
    DraftOrderHandler,
    AddItemHandler,
    FindOrderHandler,
    FindCustomerOrdersHandler,
    SearchOrdersHandler,
    DailyReportHandler,
    OrdersReadProjection,
    OrdersSummaryProjection,
  ],
})
export class OrdersModule {}
