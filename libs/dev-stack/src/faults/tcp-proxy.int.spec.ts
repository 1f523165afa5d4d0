import { MongoClient, MongoNetworkError, MongoNetworkTimeoutError, type Collection } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../testing/test-database.js';
import { TcpProxy } from './tcp-proxy.js';

interface Thing {
  readonly _id: string;
}

const database = testDatabase('tcp_proxy');
let direct: MongoClient;
let proxy: TcpProxy;
let client: MongoClient;
let stored: Collection<Thing>;
let things: Collection<Thing>;

beforeAll(async () => {
  direct = await new MongoClient(database.uri).connect();
  const [, port] = direct.options.hosts[0]!.toString().split(':');
  proxy = await TcpProxy.start(Number(port));
  client = await new MongoClient(proxy.uri, { retryWrites: false, retryReads: false, socketTimeoutMS: 500 }).connect();
  stored = direct.db(database.name).collection('things');
  things = client.db(database.name).collection('things');
});

afterEach(() => proxy.pass());

afterAll(async () => {
  await client.close();
  await proxy.stop();
  await direct.close();
  await database.drop();
});

describe('a proxy that loses replies', () => {
  it('lets the server do what nobody hears of, so often as was said, and then passes everything', async () => {
    const loss = proxy.lose({ command: 'insert', collection: 'things', times: 2, by: 'closing' });
    await expect(things.insertOne({ _id: 'a' })).rejects.toThrow(MongoNetworkError);
    await loss.first;
    await expect(things.insertOne({ _id: 'b' })).rejects.toThrow(MongoNetworkError);
    await things.insertOne({ _id: 'c' });
    expect(loss.lost).toBe(2);
    expect(await stored.countDocuments({ _id: { $in: ['a', 'b', 'c'] } })).toBe(3);
  });

  it('touches no other command, no other collection and no request without the bytes', async () => {
    const rule = { command: 'insert', collection: 'things', including: 'this one', by: 'closing' } as const;
    const loss = proxy.lose(rule);
    await things.insertOne({ _id: 'another one' });
    await client.db(database.name).collection<Thing>('others').insertOne({ _id: 'this one' });
    expect(await things.findOne({ _id: 'this one' })).toBeNull();
    await expect(things.insertOne({ _id: 'this one' })).rejects.toThrow(MongoNetworkError);
    expect(loss.lost).toBe(1);
  });

  it('can be silent instead, and counts a reply for each rule that claims it', async () => {
    const rule = { command: 'insert', by: 'silence' } as const;
    const losses = ['left', 'right', 'neither'].map((including) => proxy.lose({ ...rule, including }));
    await expect(things.insertOne({ _id: 'left and right' })).rejects.toThrow(MongoNetworkTimeoutError);
    expect(losses.map(({ lost }) => lost)).toEqual([1, 1, 0]);
    proxy.pass();
    await things.insertOne({ _id: 'left and right again' });
    expect(losses.map(({ lost }) => lost)).toEqual([1, 1, 0]);
  });
});
