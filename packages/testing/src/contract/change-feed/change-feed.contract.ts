import type { ContractSuite } from '../contract-case.js';
import type { StoreFixture } from '../fixture.js';
import { runContract } from '../run-contract.js';
import { byStreamCases } from './by-stream.cases.js';
import { fanOutCases } from './fan-out.cases.js';
import { historyCases } from './history.cases.js';
import { recentCases } from './recent.cases.js';
import { liveCases } from './live.cases.js';

/** The facts about `ChangeFeed`, as data. */
export const changeFeedSuite: ContractSuite = {
  name: 'the contract of a change feed',
  cases: [...historyCases, ...recentCases, ...byStreamCases, ...liveCases, ...fanOutCases],
};

/** Checks an adapter's `ChangeFeed`: call it in a spec file. */
export function changeFeedContract(fixture: StoreFixture): void {
  runContract(changeFeedSuite, fixture);
}
