import { must, mustEqual } from '../expectations.js';
import { allOrders, beginRebuild, quiet, rebuilt } from '../rebuilding.js';
import type { Step } from '../step.js';

/** Nobody writes now: what a rebuild makes of the log equals what had been kept up to date, document by document. */
export const rebuildEqual: Step = {
  title: 'rebuild in quiet: equal, document by document',
  async run(stage) {
    await quiet(stage);
    const before = await allOrders(stage);
    const { location } = await beginRebuild(stage);
    const { processed } = await rebuilt(stage, location);
    await quiet(stage);
    const after = await allOrders(stage);
    mustEqual([...after.keys()], [...before.keys()], 'the orders');
    must(before.size > 0, 'there are no orders');
    for (const [id, order] of before) mustEqual(after.get(id), order, `order ${id}`);
    return `${after.size} documents equal after ${processed} commits`;
  },
};
