import type { Choice } from './contexts.js';

/** When a file of the sample is part of an application. The first row that fits a path counts; without one it always is. */
const NEEDS: readonly (readonly [path: RegExp, isWanted: (choice: Choice) => boolean])[] = [
  [/^libs\/catalog\//, (choice) => choice.has('catalog')],
  [/^libs\/customers\//, (choice) => choice.has('customers')],
  [/^libs\/stand-ins\/src\/catalog\//, (choice) => !choice.has('catalog')],
  [/^libs\/stand-ins\/src\/customers\//, (choice) => !choice.has('customers')],
  [/^libs\/stand-ins\//, (choice) => !choice.isWhole],
  // What follows a topic, and what fills it: processes of their own.
  [/^(libs\/(analytics|service)|apps\/(analytics-service|relay))\//, (choice) => choice.hasKafka],
  [/^tools\/(start-kafka\.mjs|vitest-kafka\.ts)$/, (choice) => choice.hasKafka],
  // Samples, and the demo that drives them, are of all contexts together.
  [/^apps\/shop\/src\/(seed|demo)\/|^tools\/demo\.mjs$/, (choice) => choice.isWhole],
  [/^apps\/shop\/src\/boot\/shop\.int\.spec\.ts$/, (choice) => choice.isWhole],
  // What is tested over HTTP: through all contexts, or through those that are there and their stand-ins.
  [/^apps\/shop\/src\/e2e\/(shop\.fixture|shop-caller)\.ts$/, () => true],
  [/^apps\/shop\/src\/e2e\/orders-alone\.int\.spec\.ts$/, (choice) => !choice.isWhole],
  [/^apps\/shop\/src\/e2e\//, (choice) => choice.isWhole],
  [/^apps\/shop\/src\/orders-alone\.contexts\.ts$/, () => false],
  [/^versions\.json$/, () => false],
];

/** Lines inside of files that stay; each must be there, so that none is cut in vain after the sample has changed. */
const CUTS: readonly { readonly path: string; readonly line: RegExp; readonly unless: (choice: Choice) => boolean }[] =
  [
    {
      path: 'apps/shop/src/boot/banner.ts',
      line: /^ *`  products  .*\n/m,
      unless: (choice) => choice.has('catalog'),
    },
    {
      path: 'libs/stand-ins/src/index.ts',
      line: /^export .*\.\/catalog\/.*\n/m,
      unless: (choice) => !choice.has('catalog'),
    },
    {
      path: 'libs/stand-ins/src/index.ts',
      line: /^export .*\.\/customers\/.*\n/m,
      unless: (choice) => !choice.has('customers'),
    },
  ];

/** Whether a file of the template is part of an application with these contexts. */
export function isWanted(path: string, choice: Choice): boolean {
  return NEEDS.find(([pattern]) => pattern.test(path))?.[1](choice) ?? true;
}

/** A wanted file without what belongs to contexts that are left out. */
export function pruned(path: string, text: string, choice: Choice): string {
  return CUTS.filter((cut) => cut.path === path).reduce((kept, { line, unless }) => {
    if (!line.test(kept)) throw new Error(`${path} has no line ${String(line)} any more: mend CUTS.`);
    return unless(choice) ? kept : kept.replace(line, '');
  }, text);
}
