import { testDatabase } from '@nestfold/dev-stack';
import { MongoClient, type Db, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareCommits } from './commit-collection.js';

describe('the view on the events', () => {
  const database = testDatabase('events_view');
  let client: MongoClient;
  let db: Db;
  let current: unknown;

  beforeAll(async () => {
    client = await new MongoClient(database.uri).connect();
    db = client.db(database.name);
    await prepareCommits(db);
    current = await pipeline();
  });

  afterAll(async () => {
    await client.close();
    await database.drop();
  });

  const pipeline = async (): Promise<unknown> => {
    const [found] = await db.listCollections<{ name: string; options?: Document }>({ name: 'events' }).toArray();
    return found?.options?.['pipeline'];
  };

  // Without the comparison at the start the view kept for ever the shape in which it was made first.
  it.each([true, false])(
    'gets the shape of this version at a start (by a user who may change views: %s)',
    async (may) => {
      await db.command({ collMod: 'events', viewOn: 'commits', pipeline: [{ $match: {} }] });
      await prepareCommits(may ? db : withoutCollMod(db));
      expect(await pipeline()).toEqual(current);
    },
  );

  it('is left alone where it has that shape', async () => {
    const asked: unknown[] = [];
    await prepareCommits(observed(db, (command) => asked.push(command)));
    expect(asked).toEqual([]);
  });
});

/** A database whose commands are told of first. */
function observed(db: Db, onCommand: (command: Document) => void): Db {
  return new Proxy(db, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      if (key !== 'command') return member.bind(target) as unknown;
      return async (command: Document) => {
        onCommand(command);
        return target.command(command);
      };
    },
  });
}

/** As for a user with the role readWrite. */
function withoutCollMod(db: Db): Db {
  return observed(db, (command) => {
    if ('collMod' in command) throw Object.assign(new Error('not authorized'), { code: 13 });
  });
}
