import type { ContractSuite } from '../contract-case.js';
import type { StoreFixture } from '../fixture.js';
import { runContract } from '../run-contract.js';
import { buildCases } from './build.cases.js';
import { loadCases } from './load.cases.js';
import { streamRebuildCases } from './stream-rebuild.cases.js';
import { swapCases } from './swap.cases.js';
import { versionCases } from './version.cases.js';

/** The facts about `GenerationRegistry`, as data. */
export const generationRegistrySuite: ContractSuite = {
  name: 'the contract of a generation registry',
  cases: [...buildCases, ...loadCases, ...streamRebuildCases, ...swapCases, ...versionCases],
};

/** Checks an adapter's `GenerationRegistry`: call it in a spec file. */
export function generationRegistryContract(fixture: StoreFixture): void {
  runContract(generationRegistrySuite, fixture);
}
