import type { ContractSuite } from '../contract-case.js';
import type { StoreFixture } from '../fixture.js';
import { runContract } from '../run-contract.js';
import { changeCases } from './change.cases.js';
import { collectionCases } from './collection.cases.js';
import { feedingStreamCases } from './feeding-stream.cases.js';
import { patchWhereCases } from './patch-where.cases.js';
import { queryCases } from './query.cases.js';

/** The facts about `ReadModelStore` and `ReadModelWriter`, as data. */
export const readModelSuite: ContractSuite = {
  name: 'the contract of a read-model store',
  cases: [...changeCases, ...feedingStreamCases, ...patchWhereCases, ...queryCases, ...collectionCases],
};

/** Checks an adapter's `ReadModelStore`: call it in a spec file. */
export function readModelContract(fixture: StoreFixture): void {
  runContract(readModelSuite, fixture);
}
