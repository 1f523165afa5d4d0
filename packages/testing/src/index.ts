// The public surface of @nestfold/testing, listed by hand.
export type { LiveHistory, StoreFixture } from './contract/fixture.js';
export { checkCase, type ContractCase, type ContractContext, type ContractSuite } from './contract/contract-case.js';
export { runContract } from './contract/run-contract.js';
export { eventStoreContract, eventStoreSuite } from './contract/event-store/event-store.contract.js';
export { snapshotContract, snapshotSuite } from './contract/snapshot/snapshot.contract.js';
export { changeFeedContract, changeFeedSuite } from './contract/change-feed/change-feed.contract.js';
export { leaseContract, leaseSuite } from './contract/lease/lease.contract.js';
export { checkpointContract, checkpointSuite } from './contract/checkpoint/checkpoint.contract.js';
export { parkingContract, parkingSuite } from './contract/parking/parking.contract.js';
export { readModelContract, readModelSuite } from './contract/read-model/read-model.contract.js';
export {
  generationRegistryContract,
  generationRegistrySuite,
} from './contract/generation-registry/generation-registry.contract.js';
export { foldContract, foldSuite } from './contract/fold/fold.contract.js';
export { nodeRegistryContract, nodeRegistrySuite } from './contract/node-registry/node-registry.contract.js';

export { inMemoryFixture } from './in-memory/in-memory.fixture.js';

export { specification, type SpecificationOptions } from './specification/specification.js';
export type { Given, Then } from './specification/words.js';
export { projection } from './specification/projection.js';
export type { EventPlace, ProjectionGiven, ProjectionThen } from './specification/projection-words.js';

export type {
  AppendRecord,
  ExpectedLength,
  FinalEvent,
  FinalLog,
  History,
  OperationStatus,
  ReadRecord,
  Rule,
  Violation,
} from './history/history.js';
export { eventIdOf, finalLogOf } from './history/final-log.js';
export { HistoryRecorder, type PendingAppend, type PendingRead } from './history/history-recorder.js';
export { judgeHistory } from './history/judge-history.js';
export { judgeApplied, judgeLag, judgeReadModel, type Documents } from './history/judge-read-side.js';
export { judgeDelivered } from './history/judge-delivered.js';
export { CheckpointWatch } from './history/checkpoint-watch.js';

export { Chance } from './simulation/chance.js';
export { VirtualClock, VirtualDeadlock, type Cancel } from './simulation/virtual-clock.js';
export { Trace } from './simulation/trace.js';
export type { FaultRates } from './simulation/fault-rates.js';
export type { Build, ExpectedModel, Intent, Scenario } from './simulation/scenario.js';
export { ledgerScenario } from './simulation/ledger/ledger.scenario.js';
export type { ProcessState, SimulatedProcess } from './simulation/simulated-process.js';
export type { Alteration, Member, SimulatedCluster } from './simulation/simulated-cluster.js';
export type { SimulationProfile, Trouble } from './simulation/simulation-profile.js';
export { simulate, type SimulationOptions, type SimulationResult } from './simulation/simulate.js';
export { runSeeds, type SeedsOptions, type SeedsReport } from './simulation/run-seeds.js';
export { describeFailure } from './simulation/describe-failure.js';
