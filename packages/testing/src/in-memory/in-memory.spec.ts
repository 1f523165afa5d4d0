import { changeFeedContract } from '../contract/change-feed/change-feed.contract.js';
import { checkpointContract } from '../contract/checkpoint/checkpoint.contract.js';
import { eventStoreContract } from '../contract/event-store/event-store.contract.js';
import { generationRegistryContract } from '../contract/generation-registry/generation-registry.contract.js';
import { leaseContract } from '../contract/lease/lease.contract.js';
import { nodeRegistryContract } from '../contract/node-registry/node-registry.contract.js';
import { readModelContract } from '../contract/read-model/read-model.contract.js';
import { snapshotContract } from '../contract/snapshot/snapshot.contract.js';
import { inMemoryFixture } from './in-memory.fixture.js';

eventStoreContract(inMemoryFixture());
snapshotContract(inMemoryFixture());
changeFeedContract(inMemoryFixture());
leaseContract(inMemoryFixture());
checkpointContract(inMemoryFixture());
readModelContract(inMemoryFixture());
generationRegistryContract(inMemoryFixture());
nodeRegistryContract(inMemoryFixture());
