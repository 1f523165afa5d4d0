import { MongoClient, type CommandStartedEvent, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify', 'commitTransaction']);

/**
 * Watches all clients of a spec file that have `monitorCommands`, and adds a last fact: every write outside of a transaction, and every
 * commit of one, asked for a majority and for the journal. Call it around the suites.
 */
export function expectDurableWrites(suites: () => void): void {
  const connect = MongoClient.prototype.connect;
  const careless: Document[] = [];
  let writes = 0;

  beforeAll(() => {
    MongoClient.prototype.connect = function (this: MongoClient) {
      this.on('commandStarted', ({ commandName, command }: CommandStartedEvent) => {
        const isPart = command['autocommit'] === false && commandName !== 'commitTransaction';
        if (!WRITES.has(commandName) || isPart) return;
        writes += 1;
        const { w, j } = (command['writeConcern'] ?? {}) as { readonly w?: unknown; readonly j?: unknown };
        if (w !== 'majority' || j !== true)
          careless.push({ commandName, collection: command[commandName] as unknown, w, j });
      });
      return connect.call(this);
    };
  });
  afterAll(() => {
    MongoClient.prototype.connect = connect;
  });

  suites();

  describe('all of that', () => {
    // Fails when `j` is left out of `DURABLE_COMMAND`, or `writeConcern` out of the snapshots (both tried).
    it('is written to the journals of a majority before it is acknowledged [W-3]', () => {
      expect(careless).toEqual([]);
      expect(writes).toBeGreaterThan(20);
    });
  });
}
