import 'reflect-metadata';
import { testDatabase } from '@nestfold/dev-stack';
import { loadConfig } from '@shop/platform';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startShop, type RunningShop } from '../boot/start-shop.js';
import { runDemo } from './run-demo.js';
import { allSteps } from './steps/all-steps.js';

const database = testDatabase('demo');
let folder: string;
let shop: RunningShop;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nestfold-demo-'));
  const env = {
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: 'error',
    MONGODB_URI: database.uri,
    MONGODB_DATABASE: database.name,
    DATA_DIR: folder,
  };
  const started = await startShop(loadConfig(env));
  if (started === undefined) throw new Error('The start was given up.');
  shop = started;
});

afterAll(async () => {
  await shop.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('the demo', () => {
  it('finds every step right on a real MongoDB, without samples', { timeout: 300_000 }, async () => {
    const lines: string[] = [];
    const results = await runDemo(shop.address, allSteps, (line) => lines.push(line));
    expect(results.filter(({ wrong }) => wrong !== undefined)).toEqual([]);
    expect(results.map(({ title }) => title)).toEqual(allSteps.map(({ title }) => title));
    expect(lines.at(-1)).toMatch(/every step right$/);
  });

  it('says which step was wrong', async () => {
    const wrong = { title: 'a step', run: async () => Promise.reject(new Error('not so')) };
    expect(await runDemo(shop.address, [wrong], () => undefined)).toMatchObject([{ title: 'a step', wrong: 'not so' }]);
  });
});
