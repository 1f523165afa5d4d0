import type { ContractSuite } from '../contract-case.js';
import type { StoreFixture } from '../fixture.js';
import { runContract } from '../run-contract.js';
import { appendCases } from './append.cases.js';
import { capabilityCases } from './capability.cases.js';
import { concurrencyCases } from './concurrency.cases.js';
import { idempotencyCases } from './idempotency.cases.js';
import { payloadCases } from './payload.cases.js';
import { readingCases } from './reading.cases.js';

/** The facts about `EventStore`, as data. */
export const eventStoreSuite: ContractSuite = {
  name: 'the contract of an event store',
  cases: [
    ...appendCases,
    ...concurrencyCases,
    ...idempotencyCases,
    ...readingCases,
    ...payloadCases,
    ...capabilityCases,
  ],
};

/** Checks an adapter's `EventStore`: call it in a spec file. */
export function eventStoreContract(fixture: StoreFixture): void {
  runContract(eventStoreSuite, fixture);
}
