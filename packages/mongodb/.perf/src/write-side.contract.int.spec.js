import { eventStoreContract, nodeRegistryContract, snapshotContract } from '@nestfold/testing';
import { mongoFixture } from '../test/mongo.fixture.js';
import { expectDurableWrites } from '../test/write-watch.js';
expectDurableWrites(() => {
    eventStoreContract(mongoFixture('event_store'));
    snapshotContract(mongoFixture('snapshots'));
    nodeRegistryContract(mongoFixture('nodes'));
});
