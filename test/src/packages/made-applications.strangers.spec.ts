import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from './free-ports.js';
import { startMade, type MadeProgram } from './made-program.js';
import { packInto, run } from './packed.js';
import { publishable } from './publishable.js';

// As somebody else would: from archives, in an empty folder, installed from the registry. `npm run test:strangers` runs it, and each step says what it took.
const combinations = (['change-streams', 'kafka'] as const).flatMap((transport) =>
  (['all', 'orders'] as const).map((contexts) => ({ transport, contexts })),
);
const PARTS = 10;
/** On the screen at once: the steps take a minute or more each. */
const tell = (name: string, what: string, begun: number): void =>
  void process.stderr.write(`${name} ${what}: ${((performance.now() - begun) / 1_000).toFixed(1)} s\n`);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nestfold-applications-'));
  const begun = performance.now();
  await packInto(join(folder, 'archives'), publishable());
  tell('all', 'packages packed', begun);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
});

describe.each(combinations)('an application ($contexts, $transport)', ({ transport, contexts }) => {
  const name = `${contexts}-${transport}`;
  const hasKafka = transport === 'kafka';
  const home = () => join(folder, name);
  let program: MadeProgram | undefined;
  afterAll(() => program?.stop());

  const step = async (what: string, where: string, command: string, ...args: string[]): Promise<string> => {
    const begun = performance.now();
    const printed = await run(where, command, args);
    tell(name, what, begun);
    return printed;
  };
  const npm = (what: string, ...args: string[]) => step(what, home(), 'npm', ...args);
  const generate = (kind: string, part: string, ...flags: string[]) =>
    run(home(), process.execPath, [
      'node_modules/create-nestfold/dist/cli/nestfold.main.js',
      'generate',
      kind,
      part,
      ...flags,
    ]);

  it('is made, installed and built, and its lint finds nothing [I-2]', async () => {
    const archive = join(folder, 'archives', 'create-nestfold-0.1.0.tgz');
    const wishes = ['--contexts', contexts, '--transport', transport, '--yes', '--packages', 'archives'];
    const make = ['exec', '--yes', '--package', archive, '--', 'create-nestfold', name, ...wishes];
    await step('create and install', folder, 'npm', ...make);
    await npm('build', 'run', 'build');
    await npm('lint', 'run', 'lint');
    // With kafkajs among what dev-stack depends on, all have it.
    expect(existsSync(join(home(), 'node_modules/kafkajs'))).toBe(hasKafka);
  });

  it('passes its own tests [I-2]', async () => {
    const printed = await npm('test', 'test');
    expect(printed).not.toMatch(/failed/);
    expect(printed.includes('together.kafka.spec.ts')).toBe(hasKafka);
  });

  const takesParts = async (): Promise<void> => {
    const numbers = Array.from({ length: PARTS }, (_, index) => `${index + 1}`);
    for (const n of numbers) await generate('context', `area-${n}`, '--no-install');
    await npm('link parts', 'install', '--no-audit', '--no-fund', '--loglevel', 'error');
    for (const n of numbers) {
      const [area, ticket] = [
        ['--context', `area-${n}`],
        ['--aggregate', `ticket-${n}`],
      ] as const;
      await generate('aggregate', `ticket-${n}`, ...area);
      await generate('event', `ticket-${n}-moved`, ...area, ...ticket);
      await generate('command', `close-ticket-${n}`, ...area, ...ticket, '--emits', `ticket-${n}-closed`);
      await generate('projection', `tickets-${n}`, ...area, '--on', `ticket-${n}-created,ticket-${n}-closed`);
      await generate('query', `find-ticket-${n}`, ...area, '--projection', `tickets-${n}`);
      await generate('events-handler', `mails-${n}`, ...area, '--on', `ticket-${n}-created`);
      const topic = ['--context', 'analytics', '--topic', 'activity'];
      if (hasKafka) await generate('projection', `signups-${n}`, '--on', 'customer-registered', ...topic);
    }
    await npm('build with parts', 'run', 'build');
    await npm('lint with parts', 'run', 'lint');
    expect(await npm('unit tests with parts', 'run', 'test:unit')).toContain(`close-ticket-${PARTS}.command.spec.ts`);
  };
  if (contexts === 'orders') it(`takes ${PARTS} generated parts of each kind`, takesParts);

  it('starts, and lets an operator rebuild a projection [I-2]', async () => {
    const port = await freePorts(3);
    const begun = performance.now();
    program = startMade(home(), `tools/${hasKafka ? 'start-kafka' : 'start'}.mjs`, { PORT: `${port}` });
    if (hasKafka) await program.says(/the analytics service counts \d+ of/);
    else await program.says(/localhost:\d+\/docs/);
    tell(name, 'start', begun);
    const url = `http://localhost:${hasKafka ? port + 1 : port}`;
    const generated = hasKafka ? 'signups-1' : 'tickets-1';
    const own = hasKafka ? 'activity-figures' : 'orders-read';
    await rebuild(url, contexts === 'orders' ? generated : own);
    expect(await program.stop()).toBe(0);
  });
});

async function rebuild(url: string, projection: string): Promise<void> {
  await expect.poll(async () => (await fetch(`${url}/health/ready`)).status, { timeout: 60_000 }).toBe(200);
  const login = await call(`${url}/auth/token`, { email: 'admin@shop.test', password: 'admin' });
  const headers = { authorization: `Bearer ${String(login['token'])}` };
  const asked = await call(`${url}/admin/projections/${projection}/rebuild`, {}, headers);
  await expect
    .poll(() => call(`${url}/admin/rebuilds/${String(asked['id'])}`, undefined, headers), { timeout: 30_000 })
    .toMatchObject({ projection, state: 'done' });
}

async function call(url: string, body?: object, own: Readonly<Record<string, string>> = {}) {
  const headers = { ...own, 'content-type': 'application/json' };
  const answer = await fetch(url, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) });
  return (await answer.json()) as Record<string, unknown>;
}
