// The public surface of @shop/orders, listed by hand.
export { OrdersModule } from './orders.module.js';
export { AddItem } from './commands/add-item.command.js';
export { CancelOrder } from './commands/cancel-order.command.js';
export { ChangeOrderStatus } from './commands/change-order-status.command.js';
export { DraftOrder } from './commands/draft-order.command.js';
export { OrderLine } from './commands/order-line.js';
export { PlaceOrder } from './commands/place-order.command.js';
export { RemoveItem } from './commands/remove-item.command.js';
export { ORDER_LIMITS } from './domain/order-limits.js';
export type { StaffStatus } from './domain/staff-status.js';
export { DailyReport, type DayReport } from './queries/daily-report.query.js';
export { FindOrder } from './queries/find-order.query.js';
export { SearchOrders } from './queries/search-orders.query.js';
export { CustomerCard, ProductCard } from './read-models/orders-read/cards.read-model.js';
export { OrderRead } from './read-models/orders-read/order-read.read-model.js';
