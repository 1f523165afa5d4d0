import type { ContractSuite } from '../contract-case.js';
import type { StoreFixture } from '../fixture.js';
import { runContract } from '../run-contract.js';
import { batchCases } from './batch.cases.js';
import { fencingCases } from './fencing.cases.js';
import { plainCases } from './plain.cases.js';
import { watermarkCases } from './watermark.cases.js';

/** The facts about `CheckpointStore` and its writers, as data. */
export const checkpointSuite: ContractSuite = {
  name: 'the contract of a checkpoint store',
  cases: [...batchCases, ...fencingCases, ...plainCases, ...watermarkCases],
};

/** Checks an adapter's `CheckpointStore`: call it in a spec file. */
export function checkpointContract(fixture: StoreFixture): void {
  runContract(checkpointSuite, fixture);
}
