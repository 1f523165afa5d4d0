// The public surface of @nestfold/testing, listed by hand.
export type { LiveHistory, StoreFixture } from './contract/fixture.js';
export { checkCase, type ContractCase, type ContractContext, type ContractSuite } from './contract/contract-case.js';
export { runContract } from './contract/run-contract.js';
export { eventStoreContract, eventStoreSuite } from './contract/event-store/event-store.contract.js';
export { snapshotContract, snapshotSuite } from './contract/snapshot/snapshot.contract.js';
export { changeFeedContract, changeFeedSuite } from './contract/change-feed/change-feed.contract.js';
export { leaseContract, leaseSuite } from './contract/lease/lease.contract.js';
export { checkpointContract, checkpointSuite } from './contract/checkpoint/checkpoint.contract.js';
export { readModelContract, readModelSuite } from './contract/read-model/read-model.contract.js';
export {
  generationRegistryContract,
  generationRegistrySuite,
} from './contract/generation-registry/generation-registry.contract.js';
export { foldContract, foldSuite } from './contract/fold/fold.contract.js';
export { nodeRegistryContract, nodeRegistrySuite } from './contract/node-registry/node-registry.contract.js';

export { inMemoryFixture } from './in-memory/in-memory.fixture.js';

export { specification, type Given, type SpecificationOptions, type Then } from './specification/specification.js';
export { projection, type ProjectionGiven, type ProjectionThen } from './specification/projection.js';
export type { EventPlace } from './specification/projection-sentence.js';
