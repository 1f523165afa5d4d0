import type { TopicDefinition } from '@nestfold/core';

/** Where the shop tells what customers do. */
export const ACTIVITY_TOPIC = 'activity';

/**
 * The topics between the shop's services; its relay fills them, and whoever reads one names it. Customers and orders share one, of one partition: its
 * messages stand in the order of the store, so figures may be fed by many streams. Kept for ever: read models are rebuilt from it.
 */
export const SHOP_TOPICS: readonly TopicDefinition[] = [
  { name: ACTIVITY_TOPIC, categories: ['customer', 'order'], partitions: 1 },
];
