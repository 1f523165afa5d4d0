import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeFeedSuite } from './change-feed/change-feed.contract.js';
import { checkpointSuite } from './checkpoint/checkpoint.contract.js';
import { checkCase } from './contract-case.js';
import { doNothingFixture } from './do-nothing.fixture.js';
import { eventStoreSuite } from './event-store/event-store.contract.js';
import { foldSuite } from './fold/fold.contract.js';
import { generationRegistrySuite } from './generation-registry/generation-registry.contract.js';
import { leaseSuite } from './lease/lease.contract.js';
import { nodeRegistrySuite } from './node-registry/node-registry.contract.js';
import { parkingSuite } from './parking/parking.contract.js';
import { readModelSuite } from './read-model/read-model.contract.js';
import { snapshotSuite } from './snapshot/snapshot.contract.js';

const suites = [
  eventStoreSuite,
  snapshotSuite,
  changeFeedSuite,
  leaseSuite,
  checkpointSuite,
  parkingSuite,
  readModelSuite,
  generationRegistrySuite,
  nodeRegistrySuite,
  foldSuite(3),
];

const everything = {
  capabilities: ['several-streams', 'unchanged', 'claims', 'writes'],
  liveHistory: { lose: async () => undefined },
} as const;
const nothing = { capabilities: [], liveHistory: 'kept' } as const;

const lazy = {
  'answers nothing and declares everything': doNothingFixture('mute', everything),
  'answers nothing and declares nothing': doNothingFixture('mute', nothing),
  'says that all is well and declares everything': doNothingFixture('polite', everything),
  'says that all is well and declares nothing': doNothingFixture('polite', nothing),
};

describe.each(Object.entries(lazy))('a store that does nothing but %s', (_, fixture) => {
  for (const suite of suites) {
    it.each(suite.cases)(`fails ${suite.name}: $title [T-1]`, async (one) => {
      await expect(checkCase(one, fixture, await fixture.connect())).rejects.toThrow();
    });
  }
});

describe('the contract suites', () => {
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => ({ path, text: readFileSync(join(import.meta.dirname, path), 'utf8') }));

  it('leave no case out for any store [T-1]', () => {
    const skipping = /\.(skip|only|todo|fails|runIf|skipIf)\b|\b[xf](it|describe)\(/;
    expect(sources.length).toBeGreaterThan(25);
    expect(sources.filter(({ text }) => skipping.test(text)).map(({ path }) => path)).toEqual([]);
    expect('it.skip(').toMatch(skipping);
    expect('describe.only(').toMatch(skipping);
  });

  it('state each fact once', () => {
    for (const { cases } of suites) {
      const titles = cases.map(({ title }) => title);
      expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
    }
  });
});
