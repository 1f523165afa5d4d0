import { addMoney, money, timesMoney, type OrderedItem, type OrderTotals } from '@shop/contracts';

const TAX_RATE = '0.10';
const SHIPPING = money('10.00');

/** What items cost together: 10 % tax on the goods, and 10.00 for the way, unless there is nothing to send. */
export function totalsOf(items: readonly OrderedItem[]): OrderTotals {
  const subtotal = items.reduce((sum, item) => addMoney(sum, item.subtotal), money(0));
  const tax = timesMoney(subtotal, TAX_RATE);
  const shipping = items.length === 0 ? money(0) : SHIPPING;
  return { subtotal, tax, shipping, total: addMoney(addMoney(subtotal, tax), shipping) };
}
