import { defineConfig } from 'vitest/config';

const source = {
  resolve: { conditions: ['@nestfold/source'] },
  ssr: { resolve: { conditions: ['@nestfold/source'] } },
  // Said here, since the projects' own tsconfig.json excludes specs and is then not asked.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
};
const exclude = ['**/node_modules/**', '**/dist/**', '**/.nx/**'];

export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          include: ['**/*.spec.ts'],
          exclude: [...exclude, '**/*.int.spec.ts', '**/*.types.spec.ts'],
          isolate: false,
          setupFiles: ['./tools/vitest-setup.ts'],
        },
      },
      {
        ...source,
        test: {
          name: 'int',
          include: ['**/*.int.spec.ts'],
          exclude,
          isolate: true,
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          setupFiles: ['./tools/vitest-setup.ts'],
          globalSetup: ['./libs/dev-stack/src/vitest-global-setup.ts'],
        },
      },
    ],
  },
});
