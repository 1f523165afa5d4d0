// `npm run demo`: builds what is out of date, then drives the running shop over HTTP, or one that it starts for itself.
import { buildShop } from './build-shop.mjs';
import { endWithParent } from './end-with-parent.mjs';

endWithParent();
await buildShop();
await import('../apps/shop/dist/demo/demo.main.js');
