import 'reflect-metadata';
import { kafka } from '@nestfold/kafka';
import { mongo } from '@nestfold/mongodb';
import { loadServiceConfig, runService, SHOP_TOPICS } from '@shop/service';
import { ABOUT, analyticsService } from './analytics-service.module.js';

await runService({
  name: 'analytics service',
  about: ABOUT,
  config: () => loadServiceConfig(process.env, { port: 3001, database: 'analytics' }),
  compose: (config, pino) =>
    analyticsService(config, {
      store: mongo({ uri: config.mongodbUri, database: config.database }),
      transport: kafka({ ...config.kafka, topics: SHOP_TOPICS }),
      pino,
    }),
});
