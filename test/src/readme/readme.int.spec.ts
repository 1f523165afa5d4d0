import { readFileSync } from 'node:fs';
import { testDatabase } from '@nestfold/dev-stack';
import { CommandBus, Nestfold } from '@nestfold/nestjs';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const source = readFileSync(new URL('./accounts.example.ts', import.meta.url), 'utf8');
const database = testDatabase('readme');

describe('README', () => {
  let example: typeof import('./accounts.example.js');

  beforeAll(async () => {
    const uri = new URL(database.uri);
    uri.pathname = `/${database.name}`;
    process.env['MONGODB_URI'] = uri.toString();
    example = await import('./accounts.example.js');
  });

  afterAll(() => database.drop());

  it('shows the example that is compiled and run here', () => {
    expect(readme).toContain(`\`\`\`ts\n${source}\`\`\``);
  });

  it('shows an example that works', async () => {
    const app = await NestFactory.createApplicationContext(example.AccountsModule, { logger: false });
    try {
      const bus = app.get(CommandBus);
      await bus.execute(example.OpenAccount.of({ accountId: 'a1', owner: 'Ada' }));
      await bus.execute(example.Deposit.of({ accountId: 'a1', cents: 250 }));
      await bus.execute(example.Deposit.of({ accountId: 'a1', cents: 50 }));
      const nestfold = app.get(Nestfold);
      await nestfold.settled();
      expect(await nestfold.readModel(example.AccountView).findById('a1')).toEqual({
        _id: 'a1',
        owner: 'Ada',
        cents: 300,
      });
    } finally {
      await app.close();
    }
  });

  it('names only scripts, folders and tests that exist', () => {
    const scripts = Object.keys(
      (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { scripts: object })
        .scripts,
    );
    const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name);
    expect(scripts).toEqual(expect.arrayContaining(named));
    const paths = [...readme.matchAll(/\]\(((?!http)[^)#]+)\)/g)].map(([, path]) => path ?? '');
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths)
      expect(() => readFileSync(new URL(`../../../${path}`, import.meta.url))).not.toThrow(/ENOENT/);
  });
});
