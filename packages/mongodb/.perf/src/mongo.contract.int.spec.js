import { silentLogger, systemEnvironment } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { eventStoreContract, nodeRegistryContract, snapshotContract } from '@nestfold/testing';
import { MongoClient } from 'mongodb';
import { mongo } from './connection/mongo.adapter.js';
/** A store of its own on the shared test server. */
function fixture(name) {
    const database = testDatabase(name);
    return {
        capabilities: [],
        liveHistory: 'kept',
        patienceMs: 5_000,
        connect: ({ codec } = {}) => mongo({ uri: database.uri, database: database.name }).connect({
            environment: systemEnvironment,
            logger: silentLogger,
            ...(codec && { codec }),
        }),
        elapse: (milliseconds) => systemEnvironment.sleep(milliseconds + 1),
        silence: async (node) => {
            const client = new MongoClient(database.uri);
            const nodes = client.db(database.name).collection('nestfold.nodes');
            await nodes.updateOne({ _id: node }, [{ $set: { seenAt: { $subtract: ['$seenAt', 31_000] } } }]);
            await client.close();
        },
        dispose: () => database.drop(),
    };
}
eventStoreContract(fixture('event_store'));
snapshotContract(fixture('snapshots'));
nodeRegistryContract(fixture('nodes'));
