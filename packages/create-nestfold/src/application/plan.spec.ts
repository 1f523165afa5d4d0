import { posix } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ownTemplate } from '../template/packed-template.js';
import type { Template } from '../template/template.js';
import { compositionOf } from './composition.js';
import { Choice } from './contexts.js';
import { namesOf } from './names.js';
import { planApplication } from './plan.js';
import { TRANSPORTS } from './transports.js';

const names = namesOf('an application', 'corner-shop');
const contexts = ['all', 'orders', 'orders,catalog', 'orders,customers'];
const choices = contexts.flatMap((one) => TRANSPORTS.map((transport) => [one, transport] as const));
let template: Template;

beforeAll(() => (template = ownTemplate()));

const plan = (choice: string, transport?: string) =>
  planApplication(template, { names, choice: Choice.of(choice, transport) });
const manifestOf = (files: ReadonlyMap<string, string>, project: string) =>
  JSON.parse(files.get(`${project}package.json`) ?? '') as {
    readonly name: string;
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
    readonly scripts?: Readonly<Record<string, string>>;
  };

describe('the files of an application', () => {
  // Without a row of NEEDS (say, that of the seed) the left-out contexts are imported here.
  it.each(choices)('import only what is there, of their own and of others (%s, %s)', (choice, transport) => {
    const files = plan(choice, transport);
    const root = manifestOf(files, '');
    const faults: string[] = [];
    for (const [path, text] of files) {
      if (!path.endsWith('.ts')) continue;
      const [project = ''] = /^(libs|apps)\/[^/]+\//.exec(path) ?? [];
      const own = project === '' ? root : manifestOf(files, project);
      for (const [, from = ''] of text.matchAll(/^(?:import |(?:import|export)\b[^;'=]* from )'([^']+)';/gm)) {
        if (from.startsWith('node:')) continue;
        const isThere = from.startsWith('.')
          ? files.has(posix.join(posix.dirname(path), from).replace(/\.js$/, '.ts'))
          : packageOf(from).startsWith('@corner-shop/')
            ? own.dependencies[packageOf(from)] !== undefined && files.has(`libs/${from.split('/')[1]}/package.json`)
            : [packageOf(from), `@types/${from}`].some(
                (one) => one in { ...root.dependencies, ...root.devDependencies, ...own.dependencies },
              );
        if (!isThere) faults.push(`${path}: ${from}`);
      }
    }
    expect(faults).toEqual([]);
    expect(files.size).toBeGreaterThan(150);
  });

  it.each(choices)('bear the application’s name only (%s, %s)', (choice, transport) => {
    const old =
      /@shop\/|apps\/shop\b|\b[sS]hopModule\b|\bShopConfig\b|Nestfold shop|@nestfold\/source|\{\{|SHOP_TOPICS|^ *(<!--|#|\/\/) (all|alone|kafka|end)( -->)?$/m;
    const files = [...plan(choice, transport)].filter(([path, text]) => old.test(path) || old.test(text));
    expect(files.map(([path]) => path)).toEqual([]);
  });

  // Without a rule of rename.ts, or with another word for it in the sample, it is said here where the application goes by the sample's name.
  it.each(choices)('call themselves by the application’s name in all that they say (%s, %s)', (choice, transport) => {
    const own = namesOf('an application', 'book-store');
    const files = planApplication(template, { names: own, choice: Choice.of(choice, transport) });
    const said = [...files].flatMap(([path, text]) => saidIn(path, text).map((words) => ({ path, words })));
    expect(said.filter(({ words }) => /\bshops?\b|\bshop_/i.test(words))).toEqual([]);
    expect(said).toContainEqual(expect.objectContaining({ words: '`Book store was not filled: …`' }));
  });

  it.each(['shop-config', 'create-shop-app', 'shop-topics', 'nestfold-shop', 'the-shop'])(
    'bear a name that is one of the sample’s own words (%s)',
    (name) => {
      const files = planApplication(template, { names: namesOf('an application', name), choice: Choice.of('orders') });
      expect(manifestOf(files, '').name).toBe(name);
      expect(manifestOf(files, 'libs/orders/').name).toBe(`@${name}/orders`);
      expect(files.has(`apps/${name}/src/${name}.module.ts`)).toBe(true);
    },
  );

  // Taken, each was written and did not compile: the module's class was declared twice in its file.
  it.each(['health', 'identity', 'dynamic', 'nestfold-http'])(
    'are not made by a name that is used in them (%s)',
    (name) => {
      const wishes = { names: namesOf('an application', name), choice: Choice.of('all') };
      expect(() => planApplication(template, wishes)).toThrow(/Module is what .* calls .*\nTake another name/);
    },
  );

  it('have projects that refer to projects that are there', () => {
    for (const [choice, transport] of choices) {
      const files = plan(choice, transport);
      for (const [path, text] of files) {
        if (!/(^|\/)tsconfig\.json$/.test(path)) continue;
        const { references } = JSON.parse(text) as { readonly references: readonly { readonly path: string }[] };
        for (const reference of references)
          expect(
            files.has(posix.join(posix.dirname(path), reference.path, 'tsconfig.json')),
            `${path}: ${reference.path}`,
          ).toBe(true);
      }
    }
  });

  it('hold no second composition: the sample’s own are what the choice comes to', () => {
    const same = (text: string | undefined) => text?.replaceAll(/\s+/g, ' ').replaceAll(', ]', ' ]');
    expect(same(compositionOf(Choice.of('all')))).toBe(same(template.get('apps/shop/src/contexts.ts')));
    expect(same(compositionOf(Choice.of('orders')))).toBe(same(template.get('apps/shop/src/orders-alone.contexts.ts')));
  });

  it('have the operations of their contexts only, and the schemas that these name', () => {
    const api = (choice: string) =>
      JSON.parse(plan(choice).get('apps/corner-shop/openapi.json') ?? '') as {
        readonly info: object;
        readonly paths: object;
        readonly components: { readonly schemas: object };
      };
    const all = api('all');
    const orders = api('orders');
    expect(orders.info).toMatchObject({ title: 'Corner shop' });
    expect(Object.keys(all.paths)).toContain('/products');
    expect(
      Object.keys(orders.paths).filter((path) => /^\/(products|customers$|customers\/\{id\}$)/.test(path)),
    ).toEqual([]);
    expect(Object.keys(orders.paths)).toContain('/customers/{id}/orders');
    expect(Object.keys(orders.components.schemas)).not.toContain('ProductView');
    expect(JSON.stringify(orders)).toContain('OrderView');
  });

  // The endpoints for operators name relays in any application. Without the row of NEEDS for libs/service, or without the sections of app/vitest.config.ts, it is here.
  it.each(contexts)('have nothing of Kafka unless they were asked to (%s)', (choice) => {
    const files = [...plan(choice)].filter(([path, text]) => /kafka|\bjava\b/i.test(`${path}\n${text}`));
    expect(files.map(([path]) => path)).toEqual([]);
  });

  it.each(contexts)(
    'differ by their transport in what describes them only, and in files that come along (%s)',
    (choice) => {
      const [plain, told] = [plan(choice), plan(choice, 'kafka')];
      expect([...plain.keys()].filter((path) => !told.has(path))).toEqual([]);
      expect([...plain].flatMap(([path, text]) => (told.get(path) === text ? [] : [path])).toSorted()).toEqual([
        'README.md',
        'compose.yaml',
        'eslint.config.mjs',
        'package.json',
        'tsconfig.json',
        'vitest.config.ts',
      ]);
      const added = [...told.keys()].filter((path) => !plain.has(path));
      expect(
        added.filter((path) => !/^(apps\/(analytics-service|relay)|libs\/(analytics|service))\//.test(path)),
      ).toEqual(['tools/vitest-kafka.ts', 'tools/start-kafka.mjs'].toSorted());
    },
  );

  it('take packages of ours from archives where these are given, else by their version', () => {
    const archives = { '@nestfold/core': 'file:vendor/nestfold-core-9.tgz' };
    const files = planApplication(template, { names, choice: Choice.of('all'), archives });
    expect(manifestOf(files, '').dependencies).toMatchObject({
      '@nestfold/core': 'file:vendor/nestfold-core-9.tgz',
      '@nestfold/mongodb': expect.stringMatching(/^\d/) as string,
    });
  });

  it('say nothing on the screen of what is not there', () => {
    const banner = (choice: string) => plan(choice).get('apps/corner-shop/src/boot/banner.ts');
    expect(banner('all')).toContain('/products`');
    expect(banner('orders,catalog')).toContain('/products`');
    expect(banner('orders')).not.toContain('/products');
  });

  it('have the demo with all contexts only', () => {
    expect(manifestOf(plan('all'), '').scripts).toHaveProperty('demo');
    expect(manifestOf(plan('orders'), '').scripts).not.toHaveProperty('demo');
    expect(plan('orders').get('README.md')).toContain('stood in for');
    expect(plan('all').get('README.md')).not.toMatch(/stood in for|<!--/);
  });

  // Cut by a blank line, its last three rows were no table any more.
  it('have one map, whatever is in it', () => {
    for (const choice of ['all', 'orders'])
      for (const transport of ['kafka', 'change-streams'])
        expect(plan(choice, transport).get('README.md')).not.toMatch(/\|\n\n+\|/);
    expect(plan('all', 'kafka').get('README.md')).toMatch(/`libs\/platform`.*\n\| `libs\/service`/);
  });
});

/** What a file says to somebody: all of a document, the texts of a source but for what it imports and who may log in. */
function saidIn(path: string, text: string): readonly string[] {
  if (path === 'package-lock.json') return [];
  const plain = text.replaceAll(/@shop\.test/g, '');
  if (!/\.(ts|mjs)$/.test(path)) return plain.split('\n');
  const code = plain
    .replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
    .replaceAll(/(?:from|import|new URL\()\s*\(?'\.[^']*'/g, '');
  return [...code.matchAll(/'[^'\n]*'|"[^"\n]*"|`[^`]*`/g)].map(([words]) => words.replaceAll(/\$\{[^}]*\}/g, '…'));
}

function packageOf(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}
