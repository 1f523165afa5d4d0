import { defineConfig } from 'vitest/config';

const source = {
  resolve: { conditions: ['@nestfold/source'] },
  ssr: { resolve: { conditions: ['@nestfold/source'] } },
  // Said here, since the projects' own tsconfig.json excludes specs and is then not asked.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
};
// What is packed as the template has its own tests where an application is made of it.
const exclude = ['**/node_modules/**', '**/dist/**', '**/.nx/**', 'packages/create-nestfold/template/**'];
// Of what is across packages, what has no limits of time.
const untimed = [
  'test/src/{packages,readme,feed,load}/**/*.int.spec.ts',
  'test/src/faults/lost-reply.int.spec.ts',
  'test/src/shop/shop-{kill,lost-reply}.int.spec.ts',
];

// What is waited for comes within milliseconds: a second, the default, is less than what a machine may stand still for.
const patience = { testTimeout: 30_000, expect: { poll: { timeout: 10_000 } } };

const onMongo = {
  ...patience,
  isolate: true,
  testTimeout: 60_000,
  hookTimeout: 120_000,
  setupFiles: ['./tools/vitest-setup.ts'],
  globalSetup: ['./libs/dev-stack/src/vitest-global-setup.ts'],
};

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          ...patience,
          name: 'unit',
          include: ['**/*.spec.ts'],
          exclude: [...exclude, '**/*.int.spec.ts', '**/*.{kafka,strangers,types}.spec.ts'],
          isolate: false,
          // They mostly wait: one worker would leave the machine idle.
          maxWorkers: 2,
          setupFiles: ['./tools/vitest-setup.ts'],
        },
      },
      {
        ...source,
        test: {
          ...onMongo,
          name: 'int',
          include: ['!(test)/**/*.int.spec.ts', ...untimed],
          exclude,
          maxWorkers: 2,
        },
      },
      {
        // These kill, cut and race against limits of time: one file at a time has the machine.
        ...source,
        test: {
          ...onMongo,
          name: 'crash',
          include: ['test/**/*.int.spec.ts'],
          exclude: [...exclude, ...untimed],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // What needs a real broker, and so Java: where there is none these fail, and no others.
        ...source,
        test: {
          ...onMongo,
          name: 'kafka',
          include: ['**/*.kafka.spec.ts'],
          exclude,
          globalSetup: [...onMongo.globalSetup, './libs/dev-stack/src/vitest-kafka-setup.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // Installs from the registry, for minutes: `npm run test:strangers` alone names it.
        ...source,
        test: {
          name: 'strangers',
          include: ['test/**/*.strangers.spec.ts'],
          exclude,
          testTimeout: 600_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
