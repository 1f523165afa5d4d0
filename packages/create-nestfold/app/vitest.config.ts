import { defineConfig } from 'vitest/config';

// Libs are resolved to their sources: no build is needed before unit tests.
const source = {
  resolve: { conditions: ['@nestfold/source'] },
  ssr: { resolve: { conditions: ['@nestfold/source'] } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
};
const exclude = ['**/node_modules/**', '**/dist/**'];
const setupFiles = ['./tools/vitest-setup.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          include: ['**/*.spec.ts'],
          exclude: [
            ...exclude,
            '**/*.int.spec.ts',
            // kafka
            '**/*.kafka.spec.ts',
            // end
          ],
          isolate: false,
          // Five seconds, the default, are less than what a busy machine takes for some hundred random orders.
          testTimeout: 30_000,
          setupFiles,
        },
      },
      {
        ...source,
        test: {
          name: 'int',
          include: ['**/*.int.spec.ts'],
          exclude,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
          setupFiles,
          // One MongoDB for the run: `NESTFOLD_MONGOD`, one on the path, or one that is fetched.
          globalSetup: ['./tools/vitest-mongodb.ts'],
        },
      },
      // kafka
      {
        ...source,
        test: {
          name: 'kafka',
          include: ['**/*.kafka.spec.ts'],
          exclude,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
          setupFiles,
          // And one broker: `KAFKA_BROKERS`, or one that is fetched, as Java is where none is installed.
          globalSetup: ['./tools/vitest-mongodb.ts', './tools/vitest-kafka.ts'],
        },
      },
      // end
    ],
  },
});
