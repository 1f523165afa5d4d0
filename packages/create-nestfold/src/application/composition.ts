import { namesOf } from './names.js';
import type { Choice, Context } from './contexts.js';

const DOC = "/** The contexts that run in this process. They stay apart: they meet in the store's events only. */";
const FACTS: Readonly<Record<Context, string>> = {
  catalog: 'Products that can be ordered',
  customers: 'Customers who can order',
  orders: 'Orders',
};

/** The application's `contexts.ts`: the one place that names its contexts. Of all of them it is the sample's own. */
export function compositionOf(choice: Choice): string {
  const standIns = choice.standIns.map((context) => ({
    context,
    name: `${namesOf('a context', context).pascal}StandIn`,
  }));
  const modules = [
    ...choice.contexts.map((context) => `${namesOf('a context', context).pascal}Module`),
    ...standIns.map(({ name }) => `${name}Module`),
    ...(choice.isWhole ? ['SeedModule'] : []),
  ];
  const imported = standIns.flatMap(({ name }) => [name, `${name}Module`]).join(', ');
  return [
    ...choice.contexts.map(
      (context) => `import { ${namesOf('a context', context).pascal}Module } from '@shop/${context}';`,
    ),
    ...(standIns.length > 0 ? [`import { ${imported} } from '@shop/stand-ins';`] : []),
    ...(choice.isWhole
      ? [
          "import { fillWithSamples } from './seed/report-seed.js';",
          "import { SeedModule } from './seed/seed.module.js';",
        ]
      : []),
    "import type { Composition } from './composition.js';",
    '',
    DOC,
    'export const composition: Composition = {',
    `  modules: [${modules.join(', ')}],`,
    ...(choice.isWhole
      ? ['  fill: fillWithSamples,']
      : [
          '  fill: async (app, { say }) => {',
          ...standIns.flatMap(({ context, name }) => {
            const ids = context === 'catalog' ? 'products' : context;
            return [
              `    const ${ids} = await app.get(${name}, { strict: false }).state();`,
              `    say(\`${FACTS[context]}: \${${ids}.join(', ')}.\`);`,
            ];
          }),
          '  },',
        ]),
    '};',
    '',
  ].join('\n');
}
