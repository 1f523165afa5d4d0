import { eventually, must, mustAnswer } from '../expectations.js';
import type { Step } from '../step.js';
import type { Money } from '../wire.js';

interface DailyReport {
  readonly orderCount: number;
  readonly totalRevenue: Money;
  readonly topProducts: readonly { readonly unitsSold: number }[];
}

/** The day's figures, kept up to date by a projection of its own. */
export const report: Step = {
  title: "the day's report",
  async run({ admin }) {
    const { orderCount, totalRevenue, topProducts } = await eventually('a report with orders', async () => {
      const day = mustAnswer(await admin.get<DailyReport>('/reports/daily'), 200);
      return day.orderCount > 0 ? day : undefined;
    });
    must(Number(totalRevenue.amount) > 0, 'orders without revenue');
    must(topProducts.length > 0 && topProducts.every(({ unitsSold }) => unitsSold > 0), 'a top product was not sold');
    return `${orderCount} orders, ${totalRevenue.amount} ${totalRevenue.currency}`;
  },
};
