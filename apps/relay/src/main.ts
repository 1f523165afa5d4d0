import 'reflect-metadata';
import { kafka } from '@nestfold/kafka';
import { mongo } from '@nestfold/mongodb';
import { loadServiceConfig, runService, serviceModule, SHOP_TOPICS } from '@shop/service';

// The shop's relay: one of the roles over the shop's own database, in a process of its own. The shop does not know of it.
await runService({
  name: 'relay',
  about: { title: 'Nestfold shop: relay', description: 'Sends the shop’s commits to topics; for operators only.' },
  config: () => loadServiceConfig(process.env, { port: 3002, database: 'shop' }),
  compose: (config, pino) =>
    serviceModule(config, {
      name: 'relay',
      store: mongo({ uri: config.mongodbUri, database: config.database }),
      transport: kafka({ ...config.kafka, topics: SHOP_TOPICS }),
      roles: ['relay'],
      contexts: [],
      pino,
    }),
});
