// `npm run start:kafka`: builds what is out of date, then starts MongoDB, Kafka, the shop, its relay and the analytics service, and shows an order arriving.
import { buildShop } from './build-shop.mjs';
import { endWithParent } from './end-with-parent.mjs';

endWithParent();
await buildShop('apps/shop', 'apps/relay', 'apps/analytics-service');
process.env.LOG_LEVEL ||= 'warn';
await import('../apps/analytics-service/dist/together/together.main.js');
