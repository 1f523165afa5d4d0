import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { Choice } from '../application/contexts.js';
import { namesOf } from '../application/names.js';
import { planApplication } from '../application/plan.js';
import { ownTemplate } from '../template/packed-template.js';
import { MemoryTree } from '../workspace/memory-tree.js';
import type { PartOptions } from './part.js';
import { PART_KINDS, PARTS, type PartKind } from './parts.js';

const application = planApplication(ownTemplate(), {
  names: namesOf('an application', 'corner-shop'),
  choice: Choice.of('orders'),
});
let tree: MemoryTree;

beforeEach(() => (tree = new MemoryTree(new Map(application))));

const generate = (kind: PartKind, name: string, options: PartOptions = {}) =>
  PARTS[kind].generate(tree, namesOf('a part', name), options);
const added = () => [...tree.files.keys()].filter((path) => !application.has(path)).toSorted();

describe('generated parts', () => {
  it('are a context, wired into the application', () => {
    generate('context', 'support');
    expect(added()).toEqual(
      ['package.json', 'src/index.ts', 'src/support.module.spec.ts', 'src/support.module.ts', 'tsconfig.json'].map(
        (path) => `libs/support/${path}`,
      ),
    );
    expect(tree.read('apps/corner-shop/src/contexts.ts')).toMatch(
      /import \{ SupportModule \} from '@corner-shop\/support';[^]*modules: \[[^\]]*, SupportModule\]/,
    );
    for (const path of ['apps/corner-shop/package.json', 'apps/corner-shop/tsconfig.json', 'tsconfig.json'])
      expect(tree.read(path)).toMatch(/support"/);
    expect(tree.read('libs/support/package.json')).toContain('"@corner-shop/contracts"');
  });

  it('are an aggregate with all that belongs to it, each file with its test, each in the module', () => {
    generate('context', 'support');
    generate('aggregate', 'support-ticket', { context: 'support' });
    generate('event', 'support-ticket-moved', { context: 'support', aggregate: 'support-ticket' });
    generate('command', 'close-ticket', {
      context: 'support',
      aggregate: 'support-ticket',
      emits: 'support-ticket-closed',
    });
    generate('projection', 'open-tickets', { context: 'support', on: 'support-ticket-created,support-ticket-closed' });
    generate('query', 'find-ticket', { context: 'support', projection: 'open-tickets' });
    generate('events-handler', 'ticket-mails', { context: 'support', on: 'support-ticket-created' });
    const sources = added().filter((path) => /\.(aggregate|command|event|projection|query|handler)\.ts$/.test(path));
    expect(sources).toHaveLength(8);
    // The first command is tested with the aggregate that it begins.
    for (const path of sources.filter((one) => !one.includes('create-')))
      expect(added()).toContain(path.replace(/ts$/, 'spec.ts'));
    const module = tree.read('libs/support/src/support.module.ts');
    expect(module).toContain('aggregates: [SupportTicket]');
    expect(module).toContain('readModels: [OpenTicketsDocument]');
    expect(module).toContain(
      'providers: [OpenTicketsProjection, FindTicketHandler, { provide: TicketMails, useClass: LoggedTicketMails }, TicketMailsHandler]',
    );
    expect(tree.read('libs/support/src/domain/support-ticket.aggregate.ts')).toContain(
      'events: [SupportTicketCreated, SupportTicketMoved, SupportTicketClosed]',
    );
    expect(tree.read('libs/support/src/domain/support-ticket-moved.event.ts')).toContain(
      "@DomainEvent('support-ticket.moved')",
    );
  });

  it('may belong to a context of the sample, and follow its events and those of the contracts', () => {
    generate('projection', 'order-counts', { context: 'orders', on: 'order-placed,customer-renamed' });
    expect(tree.read('libs/orders/src/read-models/order-counts/order-counts.projection.ts')).toMatch(
      /'..\/..\/domain\/order.events.js';\nimport \{ CustomerRenamed \} from '@corner-shop\/contracts'/,
    );
  });

  // Without the look at the host in modelOf the new context refers to libs/service; without Library.require its package lacks the adapter.
  it('belong to the application or to the service beside it, and follow a topic where one is named', () => {
    const names = namesOf('an application', 'corner-shop');
    tree = new MemoryTree(new Map(planApplication(ownTemplate(), { names, choice: Choice.of('orders', 'kafka') })));
    generate('context', 'support');
    expect(tree.read('libs/support/tsconfig.json')).toBe(tree.read('libs/orders/tsconfig.json'));
    generate('projection', 'signups', { context: 'analytics', on: 'customer-registered', topic: 'activity' });
    expect(tree.read('libs/analytics/src/read-models/signups/signups.projection.ts')).toMatch(
      /import \{ kafka \} from '@nestfold\/kafka';[^]*readModels: \[SignupsDocument\], source: kafka\('activity'\) \}\)/,
    );
    generate('projection', 'told', { context: 'orders', on: 'customer-registered', topic: 'activity' });
    // Without requireTopic it was written, and the service refused to start.
    expect(() =>
      generate('projection', 'lost', { context: 'analytics', on: 'customer-registered', topic: 'activty' }),
    ).toThrow(/no topic 'activty' in libs\/service\/src\/topics\.\nName it there first/);
    expect(tree.read('libs/orders/package.json')).toMatch(/"@nestfold\/core"[^]*"@nestfold\/kafka": "\d/);
  });

  it.each<[PartKind, string, PartOptions, RegExp]>([
    ['context', 'orders', {}, /libs\/orders is there already/],
    ['context', 'support', { app: 'other' }, /no application 'other'.*\n.*corner-shop/],
    ['aggregate', 'order', {}, /order\.\w+\.ts is there already: nothing is overwritten/],
    ['aggregate', 'ticket', { context: 'support' }, /There is no context 'support'.*\n.*orders/],
    ['event', 'order-placed', { aggregate: 'order' }, /There is an event OrderPlaced|There is a class OrderPlaced/],
    ['event', 'order-moved', {}, /not said which aggregate.*\n.*--aggregate/],
    ['event', 'order-moved', { aggregate: 'ticket' }, /There is no aggregate 'ticket'.*\nThere is order\./],
    [
      'command',
      'move-order',
      { aggregate: 'order', emits: 'order-placed' },
      /OrderPlaced holds other fields than orderId/,
    ],
    ['projection', 'orders-read', { on: 'order-placed' }, /@ReadModelDocument named 'orders_read' already/],
    ['projection', 'moves', { on: 'order-moved' }, /no event OrderMoved.*\n.*generate event order-moved/],
    ['projection', 'moves', {}, /not said which event.*\n.*--on/],
    [
      'projection',
      'moves',
      { on: 'order-placed', topic: 'activity' },
      /not use @nestfold\/kafka.*\n.*--transport kafka/,
    ],
    ['projection', 'moves', { on: 'order-placed', topic: 'No Topic' }, /cannot be the name of a topic/],
    ['query', 'find-move', { projection: 'moves' }, /no projection 'moves'.*\n.*orders-read/],
    ['events-handler', 'mails', { on: 'Bad Name' }, /cannot be the name.*\n.*bad-name/],
  ])('are refused with the remedy: %s %s %j', (kind, name, options, problem) => {
    expect(() => generate(kind, name, options)).toThrow(problem);
  });

  it('are offered to Nx with the same flags', () => {
    const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    const { generators } = JSON.parse(text('generators.json')) as {
      readonly generators: Readonly<Record<string, { readonly schema: string; readonly description: string }>>;
    };
    expect(Object.keys(generators)).toEqual(PART_KINDS);
    for (const kind of PART_KINDS) {
      const { properties, required } = JSON.parse(text(generators[kind]?.schema ?? '')) as {
        readonly properties: Readonly<Record<string, { readonly description: string }>>;
        readonly required: readonly string[];
      };
      const flags = Object.entries(PARTS[kind].flags);
      const { name: _name, ...others } = properties;
      expect(Object.entries(others).map(([flag, { description }]) => [flag, description])).toEqual(
        flags.map(([flag, { help }]) => [flag, help]),
      );
      expect(required).toEqual(['name', ...flags.flatMap(([flag, { isNeeded }]) => (isNeeded ? [flag] : []))]);
    }
  });
});

// Removed once, each seen to fail here: requireOwnNames, requireFreeNames, the look for a member, the look for the application's package.
describe('a part of a name that means something else already', () => {
  beforeEach(() => {
    generate('context', 'support');
    generate('aggregate', 'ticket', { context: 'support' });
    generate('projection', 'tickets', { context: 'support', on: 'ticket-created' });
    generate('query', 'tickets', { context: 'support', projection: 'tickets' });
    generate('events-handler', 'mails', { context: 'support', on: 'ticket-created' });
    generate('context', 'desk');
    const contexts = 'apps/corner-shop/src/contexts.ts';
    tree.write(contexts, `import { SeedModule } from './seed/seed.module.js';\n${tree.read(contexts)}`);
    tree.write('libs/orders/src/cards.ts', "@ReadModelDocument('order_cards')\nexport class Cards {}\n");
    tree.write(
      'libs/support/src/lost.ts',
      "@DomainEvent('x.lost')\nexport class TicketLost {\n  ticketId!: string;\n}\n",
    );
  });

  it.each<[PartKind, string, PartOptions, string]>([
    ['context', 'app', {}, '@corner-shop/app is the package in apps/corner-shop'],
    ['context', 'nestfold', {}, 'NestfoldModule is what @nestfold/nestjs calls'],
    ['aggregate', 'aggregate-root', { context: 'support' }, 'AggregateRoot is what @nestfold/core calls'],
    ['aggregate', 'ticket', { context: 'desk' }, "@DomainEvent named 'ticket.created' already, in libs/support"],
    ['aggregate', 'module', { context: 'support' }, 'Module is what @nestjs/common calls'],
    ['events-handler', 'promise', { context: 'support', on: 'ticket-created' }, 'Promise is what JavaScript calls'],
    ['query', 'string', { context: 'support', projection: 'tickets' }, 'String is what JavaScript calls'],
    ['command', 'emit', { context: 'support', aggregate: 'ticket', emits: 'x' }, "Ticket has a member 'emit' already"],
    ['command', 'create', { context: 'support', aggregate: 'ticket', emits: 'x' }, "a member 'create' already"],
    ['command', 'ticket', { context: 'support', aggregate: 'ticket', emits: 'x' }, 'class Ticket already, in'],
    ['event', 'created', { context: 'support', aggregate: 'ticket' }, "@DomainEvent named 'ticket.created' already"],
    [
      'projection',
      'tickets',
      { context: 'desk', on: 'customer-registered' },
      "@ReadModelDocument named 'tickets' already",
    ],
    ['query', 'not-found', { context: 'support', projection: 'tickets' }, 'NotFound is what @nestfold/core calls'],
    ['events-handler', 'logger', { context: 'support', on: 'ticket-created' }, 'Logger is what @nestjs/common calls'],
    ['events-handler', 'mails', { context: 'desk', on: 'customer-registered' }, "@EventsHandler named 'mails' already"],
    // Without requireFreeClasses each was written: two things by one name, of which one was wired in twice, or a source that does not compile.
    ['events-handler', 'tickets', { context: 'support', on: 'ticket-created' }, 'class Tickets already, in'],
    ['events-handler', 'ticket', { context: 'support', on: 'ticket-created' }, 'class Ticket already, in'],
    ['query', 'create-ticket', { context: 'support', projection: 'tickets' }, 'class CreateTicket already, in'],
    ['event', 'ticket-state', { context: 'support', aggregate: 'ticket' }, 'class TicketState already, in'],
    ['aggregate', 'create-ticket', { context: 'support' }, 'class CreateTicket already, in'],
    ['projection', 'order-cards', { context: 'orders', on: 'order-placed' }, "@ReadModelDocument named 'order_cards'"],
    ['aggregate', 'reflect', { context: 'support' }, 'Reflect is what JavaScript calls'],
    ['command', 'to-string', { context: 'support', aggregate: 'ticket', emits: 'x' }, "a member 'toString' already"],
    [
      'command',
      'lose',
      { context: 'support', aggregate: 'ticket', emits: 'ticket-lost' },
      'does not name TicketLost among',
    ],
    ['context', 'seed', {}, 'SeedModule is what ./seed/seed.module.js calls'],
    ['context', 'contracts', {}, 'libs/contracts is there already'],
    ['context', 'stand-ins', {}, 'libs/stand-ins is'],
  ])('is refused: %s %s', (kind, name, options, problem) => {
    expect(() => generate(kind, name, options)).toThrow(problem);
  });
});

/** As other people lay their lines. */
const LAID: readonly (readonly [what: string, lay: (text: string) => string])[] = [
  ['double quotes', (text) => text.replaceAll("'", '"')],
  ['no semicolons', (text) => text.replaceAll(/;$/gm, '')],
  ['tabs', (text) => text.replaceAll(/^( {2})+/gm, (all) => '\t'.repeat(all.length / 2))],
  ['lines of Windows', (text) => text.replaceAll('\n', '\r\n')],
];

// Each came to imports written twice, members that were not seen, or events whose fields were not.
describe('a part of an application that somebody has laid otherwise', () => {
  it.each(LAID)('is what it would be: %s', (_what, lay) => {
    const grow = (laid: (text: string) => string) => {
      tree = new MemoryTree(new Map(application));
      const steps: readonly (readonly [PartKind, string, PartOptions])[] = [
        ['context', 'support', {}],
        ['aggregate', 'ticket', { context: 'support' }],
        ['event', 'ticket-moved', { context: 'support', aggregate: 'ticket' }],
        ['command', 'move-ticket', { context: 'support', aggregate: 'ticket', emits: 'ticket-moved' }],
        ['command', 'close-ticket', { context: 'support', aggregate: 'ticket', emits: 'ticket-closed' }],
        ['projection', 'tickets', { context: 'support', on: 'ticket-created,ticket-closed' }],
        ['query', 'find-ticket', { context: 'support', projection: 'tickets' }],
        ['events-handler', 'mails', { context: 'support', on: 'ticket-created' }],
      ];
      for (const [kind, name, options] of steps) {
        generate(kind, name, options);
        for (const path of tree.files.keys())
          if (/^libs\/support\/.*\.ts$|\/contexts\.ts$/.test(path)) tree.write(path, laid(tree.read(path)));
      }
      expect(() => generate('aggregate', 'ticket', { context: 'orders' })).toThrow("named 'ticket.created' already");
      expect(() => generate('command', 'create', { context: 'support', aggregate: 'ticket', emits: 'x' })).toThrow(
        "a member 'create' already",
      );
      return ['contexts', 'support.module', 'ticket.aggregate', 'tickets.projection', 'support/src/index'].map((name) =>
        tree
          .read([...tree.files.keys()].find((path) => path.endsWith(`${name}.ts`)) ?? '')
          .replaceAll(/[\s;]+/g, ' ')
          .replaceAll('"', "'"),
      );
    };
    expect(grow(lay)).toEqual(grow((text) => text));
  });

  it('is wired in once where its files were deleted and made again', () => {
    const make = () => generate('aggregate', 'parcel', { context: 'orders' });
    make();
    const [module, index] = ['libs/orders/src/orders.module.ts', 'libs/orders/src/index.ts'].map((path) =>
      tree.read(path),
    );
    for (const path of added()) tree.files.delete(path);
    make();
    expect(tree.read('libs/orders/src/orders.module.ts')).toBe(module);
    expect(tree.read('libs/orders/src/index.ts')).toBe(index);
  });

  it('is refused by a module that names its providers elsewhere, and by a configuration with comments', () => {
    const path = 'libs/orders/src/orders.module.ts';
    tree.write(path, tree.read(path).replace(/providers: \[[^\]]*\]/, 'providers'));
    expect(() => generate('projection', 'counts', { context: 'orders', on: 'order-placed' })).toThrow(
      /has no providers: \[…\], as an array of its own, in one @Module.*\nGive it one/,
    );
    tree.write('tsconfig.json', `// all projects\n${tree.read('tsconfig.json')}`);
    expect(() => generate('context', 'support')).toThrow(/tsconfig\.json is no plain JSON: .*\nTake comments/);
  });
});
