// The public surface of @shop/service, listed by hand.
export { loadServiceConfig, type KafkaSettings, type ServiceConfig } from './config/service-config.js';
export { ACTIVITY_TOPIC, SHOP_TOPICS } from './topics/shop-topics.js';
export { serviceModule, type ServiceParts } from './boot/service.module.js';
export { runService, type Service } from './boot/run-service.js';
