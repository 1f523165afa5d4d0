import { describe, expect, it } from 'vitest';
import { loadServiceConfig } from './service-config.js';

const defaults = { port: 3001, database: 'analytics' };
const needed = { MONGODB_URI: 'mongodb://127.0.0.1/?replicaSet=rs0', KAFKA_BROKERS: '127.0.0.1:9092' };

describe('the settings of a service', () => {
  it('are complete with a database and a broker, on loopback and with the service’s own port and database', () => {
    expect(loadServiceConfig(needed, defaults)).toMatchObject({
      host: '127.0.0.1',
      port: 3001,
      database: 'analytics',
      kafka: { brokers: ['127.0.0.1:9092'], prefix: 'shop' },
    });
  });

  it('are those of the environment where it names any', () => {
    const env = {
      ...needed,
      PORT: '4000',
      MONGODB_DATABASE: 'figures',
      KAFKA_BROKERS: 'kafka-1:9092, kafka-2:9092',
      KAFKA_PREFIX: 'corner',
      KAFKA_SECRET: 'a secret made by chance',
    };
    expect(loadServiceConfig(env, defaults)).toMatchObject({
      port: 4000,
      database: 'figures',
      kafka: { brokers: ['kafka-1:9092', 'kafka-2:9092'], prefix: 'corner', secret: 'a secret made by chance' },
    });
  });

  it('are refused with all that is wrong, by the name of the variable', () => {
    const env = { PORT: 'http', KAFKA_BROKERS: 'localhost', KAFKA_PREFIX: 'a b', KAFKA_SECRET: 'short' };
    expect(() => loadServiceConfig(env, defaults)).toThrow(
      /PORT: [^]*KAFKA_BROKERS: [^]*KAFKA_PREFIX: [^]*KAFKA_SECRET: [^]*MONGODB_URI: /,
    );
    // An empty variable counts as missing.
    expect(() => loadServiceConfig({ ...needed, KAFKA_BROKERS: '' }, defaults)).toThrow('KAFKA_BROKERS: is needed');
  });
});
