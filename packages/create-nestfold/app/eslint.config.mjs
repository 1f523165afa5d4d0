import { readdirSync } from 'node:fs';
import tseslint from 'typescript-eslint';

/** What contexts share; every other lib is a context. */
const SHARED = [
  'contracts',
  'platform',
  // kafka
  'service',
  // end
];
const contexts = readdirSync(new URL('libs', import.meta.url)).filter((name) => !SHARED.includes(name));

/** Contexts never import each other: they meet in events. */
const borders = contexts.map((context) => ({
  files: [`libs/${context}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: contexts
          .filter((other) => other !== context)
          .map((other) => ({
            group: [`@shop/${other}`, `@shop/${other}/*`],
            message: 'Contexts never import each other: share the event in libs/contracts, and follow it.',
          })),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.data/**', '**/*.mjs'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: ['./tsconfig.spec.json'], tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['**/*.spec.ts'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  ...borders,
);
