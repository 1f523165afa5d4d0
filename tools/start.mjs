// `npm start`: builds what is out of date, then runs the shop in this very process, so that a signal reaches it as it is.
import { buildShop } from './build-shop.mjs';
import { endWithParent } from './end-with-parent.mjs';

endWithParent();
await buildShop();
// A screen for people: the log speaks up when something is wrong. LOG_LEVEL=info says more.
process.env.LOG_LEVEL ||= 'warn';
await import('../apps/shop/dist/main.js');
