import nx from '@nx/eslint-plugin';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const framework = (type, ...may) => ({
  sourceTag: `type:${type}`,
  onlyDependOnLibsWithTags: may.map((one) => `type:${one}`),
});

/** Arrows point inward: apps → libs → nestjs, admin and adapters → runtimes → core. */
const depConstraints = [
  { ...framework('core'), bannedExternalImports: ['@nestjs/*', 'mongodb', 'kafkajs', 'rxjs', 'class-validator'] },
  { ...framework('runtime', 'core'), bannedExternalImports: ['@nestjs/*', 'mongodb', 'kafkajs', 'rxjs'] },
  { ...framework('adapter', 'core', 'runtime'), bannedExternalImports: ['@nestjs/*', 'rxjs'] },
  { ...framework('nest', 'core', 'runtime', 'nest'), bannedExternalImports: ['mongodb', 'kafkajs'] },
  { ...framework('testing', 'core', 'runtime'), bannedExternalImports: ['@nestjs/*', 'mongodb', 'kafkajs'] },
  { ...framework('tool'), bannedExternalImports: ['@nestjs/*'] },
  framework('contract', 'core'),
  framework('platform', 'core', 'nest', 'contract', 'platform'),
  framework('context', 'core', 'runtime', 'nest', 'adapter', 'contract', 'platform'),
  framework('app', 'core', 'runtime', 'nest', 'adapter', 'contract', 'platform', 'context', 'tool'),
  framework('check', 'core', 'runtime', 'nest', 'adapter', 'contract', 'platform', 'context', 'app', 'tool', 'testing'),
  { sourceTag: 'scope:framework', onlyDependOnLibsWithTags: ['scope:framework'] },
  { sourceTag: 'scope:tools', onlyDependOnLibsWithTags: ['scope:tools'] },
  { sourceTag: 'scope:orders', onlyDependOnLibsWithTags: ['scope:framework', 'scope:shared', 'scope:orders'] },
  { sourceTag: 'scope:catalog', onlyDependOnLibsWithTags: ['scope:framework', 'scope:shared', 'scope:catalog'] },
  { sourceTag: 'scope:customers', onlyDependOnLibsWithTags: ['scope:framework', 'scope:shared', 'scope:customers'] },
  { sourceTag: 'scope:analytics', onlyDependOnLibsWithTags: ['scope:framework', 'scope:shared', 'scope:analytics'] },
];

/** Specs may also use what only tests need: contract suites, adapters, a real server. */
const specConstraints = depConstraints.map(({ sourceTag, onlyDependOnLibsWithTags }) => ({
  sourceTag,
  onlyDependOnLibsWithTags: sourceTag.startsWith('type:')
    ? [
        'type:core',
        'type:runtime',
        'type:adapter',
        'type:nest',
        'type:testing',
        'type:tool',
        'type:contract',
        'type:platform',
        ...onlyDependOnLibsWithTags,
      ]
    : [...onlyDependOnLibsWithTags, 'scope:framework', 'scope:tools'],
}));

const boundaries = (constraints) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    // Only in specs: the engine is tested on MongoDB, which is tested by the contracts, which use the engine's fold. The constraints keep sources apart.
    ignoredCircularDependencies: [
      ['@nestfold/projections', '@nestfold/mongodb'],
      ['@nestfold/mongodb', '@nestfold/testing'],
    ],
    depConstraints: constraints,
  },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '.data/**',
      'bench/results/**',
      '**/*.mjs',
      // Checked by a new application's own configuration, which is among these files.
      'packages/create-nestfold/{app,template}/**',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    plugins: { '@nx': nx, 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.spec.json' })] },
    languageOptions: { parserOptions: { project: ['./tsconfig.spec.json'], tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(depConstraints),
      // Type-only imports vanish; of the others a circle crashes decorated classes at load.
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': ['error', { max: 300 }],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Export by name.' }],
    },
  },
  {
    // Time and chance come from the Environment port, so that a simulation can own them.
    files: ['packages/{core,projections}/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/system.environment.ts'],
    rules: {
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'setImmediate'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Use Environment.now().' },
        { object: 'Math', property: 'random', message: 'Use Environment.random().' },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/test/**/*.ts', 'packages/testing/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(specConstraints),
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['vitest.config.ts', 'tools/*.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
