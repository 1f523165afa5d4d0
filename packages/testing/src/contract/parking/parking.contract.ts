import type { ContractSuite } from '../contract-case.js';
import type { StoreFixture } from '../fixture.js';
import { runContract } from '../run-contract.js';
import { parkedBatchCases } from './parked-batch.cases.js';
import { requestCases } from './request.cases.js';

/** The facts about `ParkedStreamStore`, and about batches that park, as data. */
export const parkingSuite: ContractSuite = {
  name: 'the contract of a store of parked streams',
  cases: [...parkedBatchCases, ...requestCases],
};

/** Checks an adapter's `ParkedStreamStore`: call it in a spec file. */
export function parkingContract(fixture: StoreFixture): void {
  runContract(parkingSuite, fixture);
}
