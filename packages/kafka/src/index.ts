// The public surface of @nestfold/kafka, listed by hand.
export { kafka } from './kafka.js';
export type { KafkaOptions, KafkaTopicOptions } from './connection/kafka-options.js';
