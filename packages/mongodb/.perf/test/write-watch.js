import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify', 'commitTransaction']);
/**
 * Watches all clients of a spec file that have `monitorCommands`, and adds a last fact: every write outside of a transaction, and every
 * commit of one, asked for a majority and for the journal. Call it around the suites.
 */
export function expectDurableWrites(suites) {
    const connect = MongoClient.prototype.connect;
    const careless = [];
    let writes = 0;
    beforeAll(() => {
        MongoClient.prototype.connect = function () {
            this.on('commandStarted', ({ commandName, command }) => {
                const isPart = command['autocommit'] === false && commandName !== 'commitTransaction';
                if (!WRITES.has(commandName) || isPart)
                    return;
                writes += 1;
                const { w, j } = (command['writeConcern'] ?? {});
                if (w !== 'majority' || j !== true)
                    careless.push({ commandName, collection: command[commandName], w, j });
            });
            return connect.call(this);
        };
    });
    afterAll(() => {
        MongoClient.prototype.connect = connect;
    });
    suites();
    describe('all of that', () => {
        // Fails when `j` is left out of `DURABLE_COMMAND`, or `writeConcern` out of any one collection (tried with both).
        it('is written to the journals of a majority before it is acknowledged', () => {
            expect(careless).toEqual([]);
            expect(writes).toBeGreaterThan(20);
        });
    });
}
