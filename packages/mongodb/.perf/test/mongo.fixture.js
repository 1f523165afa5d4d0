import { silentLogger, systemEnvironment } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { MongoClient } from 'mongodb';
import { mongo } from '../src/connection/mongo.adapter.js';
/** A store of its own under the contract: on the shared test server, or where `database` says. */
export function mongoFixture(name, database = testDatabase(name)) {
    return {
        capabilities: [],
        liveHistory: 'kept',
        patienceMs: 5_000,
        connect: ({ codec } = {}) => mongo({ uri: database.uri, database: database.name, client: { monitorCommands: true } }).connect({
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
