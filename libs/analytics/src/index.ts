// The public surface of @shop/analytics, listed by hand.
export { AnalyticsModule } from './analytics.module.js';
