import type { StoreConnection } from '@nestfold/core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { checkCase, type ContractSuite } from './contract-case.js';
import type { StoreFixture } from './fixture.js';

/** Turns a suite into a `describe` with one `it` a fact, on one store that is removed afterwards. `timeoutMs` bounds each; the runner's default else. */
export function runContract(
  suite: ContractSuite,
  fixture: StoreFixture,
  options: { readonly timeoutMs?: number } = {},
): void {
  describe(suite.name, () => {
    let store: StoreConnection;

    beforeAll(async () => {
      store = await fixture.connect();
    });

    afterAll(async () => {
      await store.close();
      await fixture.dispose();
    });

    for (const one of suite.cases) it(one.title, () => checkCase(one, fixture, store), options.timeoutMs);
  });
}
