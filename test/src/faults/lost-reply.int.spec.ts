import { loadedVersion, systemEnvironment, type StoreConnection } from '@nestfold/core';
import { startMongo, TcpProxy, type Loss, type MongoServer } from '@nestfold/dev-stack';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appliedCount, INNOCENT, judge, judgeLog } from '../crash/judge.js';
import { Ledger } from '../crash/ledger.js';
import { Adder } from '../support/adder.js';
import { connect } from '../support/connect.js';
import { startEngine } from '../support/running-engine.js';
import { until } from '../support/until.js';

// The driver repeats an insert once by itself, and a commit too: two lost replies reach the framework.
const DRIVER_TRIES = 2;

let server: MongoServer;
let client: MongoClient;
let proxy: TcpProxy;
let lossy: StoreConnection;
let direct: StoreConnection;
let ledger: Ledger;
let slow: Adder;
let quick: Adder;
let name: string;
let round = 0;

beforeAll(async () => {
  server = await startMongo({ ephemeral: {}, ignoreUri: true });
  client = await new MongoClient(server.uri).connect();
  proxy = await TcpProxy.start(server.nodes[0]!.port);
});

afterAll(async () => {
  await proxy?.stop();
  await client?.close();
  await server?.stop();
});

beforeEach(async () => {
  proxy.pass();
  await lossy?.close();
  await direct?.close();
  round += 1;
  name = `lost_reply_${round}`;
  lossy = await connect(proxy.uri, name, 'lossy');
  direct = await connect(server.uri, name, 'direct');
  ledger = new Ledger();
  slow = new Adder(lossy, ledger);
  quick = new Adder(direct, ledger);
  return async () => {
    proxy.pass();
    await lossy.close();
    await direct.close();
  };
});

function loseInserts(times: number): Loss {
  return proxy.lose({ command: 'insert', collection: 'commits', times, by: 'closing' });
}

/** Of the log alone: nothing projects here. */
function verdictOnLog(): ReturnType<typeof judgeLog> {
  return judgeLog(client.db(name), ledger);
}

describe('an append whose reply is lost', () => {
  // Without the search for a keyed command's own commit (`findOwnCommit`, the appender's `repetition`) the repetition appends a second
  // time, and this fails.
  it('takes effect once, though another writer appends before it is sent again, over 40 rounds [W-4]', async () => {
    let lost = 0;
    for (let index = 0; index < 40; index += 1) {
      const addition = slow.of(`t${index % 3}`, 1 + index);
      const loss = loseInserts(DRIVER_TRIES * (1 + (index % 3)));
      const first = slow.add(addition);
      await loss.first;
      await quick.add(quick.of(addition.tallyId, 1000 + index));
      const again = await quick.add(addition);
      expect(again).toMatchObject({ repeated: true, version: (await first).version });
      loss.end();
      lost += loss.lost;
    }
    expect(lost).toBeGreaterThan(80);
    expect(await verdictOnLog()).toEqual(INNOCENT);
  });

  it('keeps no other stream waiting, and each caller of a group learns its own outcome [W-7]', async () => {
    const additions = Array.from({ length: 120 }, (_, index) => slow.of(`g${index % 60}`, index));
    loseInserts(DRIVER_TRIES * 3);
    const receipts = await Promise.all(additions.map((addition) => slow.addSurely(addition)));
    expect(receipts.every(({ version }) => version > 0)).toBe(true);
    expect(await verdictOnLog()).toEqual(INNOCENT);
  });

  it('is unknown at its caller’s deadline, and repeated under its key it is found [W-4]', async () => {
    const stream = 'tally-late';
    const append = {
      stream,
      expected: loadedVersion(0),
      events: [{ type: 'tally.added', schema: 1, data: { tallyId: 'late', by: 1, ref: 'late' } }],
    };
    const identity = {
      commitId: '7f1c4a52-6a3f-5b1e-9a70-2f6f0d1c2b3a',
      keyed: true,
      metadata: { correlationId: 'c', causationId: 'u' },
    };
    loseInserts(1_000);
    // So long that the first of them is sent in it, also by a machine that stands still for a moment.
    await expect(lossy.events.append([{ ...append, ...identity }], { timeoutMs: 3_000 })).rejects.toMatchObject({
      code: 'append.outcome-unknown',
      retry: 'later',
    });
    proxy.pass();
    const [receipt] = await lossy.events.append([{ ...append, ...identity }]);
    expect(receipt).toMatchObject({ version: 1, repeated: true });
    expect((await direct.events.read(stream)).commits).toHaveLength(1);
  });

  it('is resolved too where the reply never comes and the connection stays [W-4]', async () => {
    const addition = slow.of('silent', 5);
    const loss = proxy.lose({ command: 'insert', collection: 'commits', times: 1, by: 'silence' });
    const first = slow.add(addition).catch((error: unknown) => error);
    await loss.first;
    expect(await quick.add(addition)).toMatchObject({ repeated: true, version: 1 });
    // Within its deadline of 10 s it has an answer: never silence.
    expect(await first).toMatchObject({ version: 1 });
    expect(await verdictOnLog()).toEqual(INNOCENT);
  });
});

describe('a batch whose commit’s reply is lost', () => {
  it('is applied once when its commit is said again, over 15 rounds [P-5]', async () => {
    const engine = await startEngine(lossy, { leaseMs: 5_000 });
    const database = client.db(name);
    for (let index = 0; index < 15; index += 1) {
      const loss = loseCommits(DRIVER_TRIES * (1 + (index % 2)));
      await addTen(index, loss);
      await until('the batch to be applied', async () => (await appliedCount(database)) >= ledger.acknowledged.size);
      loss.end();
    }
    await engine.settled({ timeoutMs: 20_000 });
    expect(await judge(database, ledger)).toEqual(INNOCENT);
    await engine.stop();
  });

  // With only the token in the filter of the checkpoint's update (no `batch: previous`) the repetition applies it twice, and this fails.
  it('is applied once when nobody can tell what became of it, and the batch as a whole is written again [P-5]', async () => {
    // The writer's limit passes at the moment of the loss, so that nobody need wait for it.
    let skewMs = 0;
    const hasty = { ...systemEnvironment, now: () => systemEnvironment.now() + skewMs };
    const connection = await connect(proxy.uri, name, 'hasty', hasty);
    const engine = await startEngine(connection, { leaseMs: 5_000 });
    const database = client.db(name);
    for (let index = 0; index < 5; index += 1) {
      const loss = loseCommits(DRIVER_TRIES);
      const alsoLost = proxy.lose({
        command: 'find',
        collection: 'nestfold.checkpoints',
        times: DRIVER_TRIES,
        by: 'closing',
      });
      const late = Promise.race([loss.first, alsoLost.first]).then(() => (skewMs += 60_000));
      await addTen(index, loss);
      await late;
      await until('the batch to be applied', async () => (await appliedCount(database)) >= ledger.acknowledged.size);
      // What the first lost commit has stored may be all ten: the others are lost soon after.
      await until('all to be lost', async () => loss.lost === DRIVER_TRIES && alsoLost.lost === DRIVER_TRIES);
    }
    await engine.settled({ timeoutMs: 20_000 });
    expect(await judge(database, ledger)).toEqual(INNOCENT);
    await engine.stop();
    await connection.close();
  });

  const loseCommits = (times: number): Loss => proxy.lose({ command: 'commitTransaction', times, by: 'closing' });

  async function addTen(by: number, loss: Loss): Promise<void> {
    await Promise.all(Array.from({ length: 10 }, (_, one) => quick.add(quick.of(`t${one}`, by))));
    await loss.first;
  }
});
