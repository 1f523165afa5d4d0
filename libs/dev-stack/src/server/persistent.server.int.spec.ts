import { once } from 'node:events';
import { createServer } from 'node:net';
import { MongoClient } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import { startOwner } from '../testing/owner-process.fixture.js';
import type { MongoServer } from './mongo-server.js';
import { startMongo } from './start-mongo.js';

async function start(root: string, report: (line: string) => void = () => undefined): Promise<MongoServer> {
  const server = await startMongo({ persistent: { root }, ignoreUri: true, report });
  onTestFinished(() => server.stop());
  return server;
}

async function withNotes<T>(uri: string, use: (notes: ReturnType<typeof notesOf>) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri);
  try {
    return await use(notesOf(client));
  } finally {
    await client.close();
  }
}

const notesOf = (client: MongoClient) => client.db('spec').collection('notes');
const addNote = (uri: string) => withNotes(uri, (notes) => notes.insertOne({}, { writeConcern: { w: 'majority' } }));
const countNotes = (uri: string) => withNotes(uri, (notes) => notes.countDocuments());

async function occupy(port: number): Promise<void> {
  const foreign = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  onTestFinished(() => void foreign.close());
  await once(foreign, 'listening');
}

describe('startMongo({ persistent })', () => {
  it('keeps data and port from one start to the next', async () => {
    const root = await temporaryFolder();
    const first = await start(root);
    await addNote(first.uri);
    await first.stop();

    const second = await start(root);
    expect(second.uri).toBe(first.uri);
    expect(await countNotes(second.uri)).toBe(1);
  });

  it('waits for the server of a predecessor that was killed', async () => {
    const root = await temporaryFolder();
    const predecessor = await startOwner({ persistent: { root } });
    await addNote(predecessor.uri);
    await predecessor.end('SIGKILL');

    const server = await start(root);
    expect(server.uri).toBe(predecessor.uri);
    expect(await countNotes(server.uri)).toBe(1);
  });

  it('moves the replica set, and says so, when another program has taken the port', async () => {
    const root = await temporaryFolder();
    const first = await start(root);
    const port = first.nodes[0]?.port ?? 0;
    await addNote(first.uri);
    await first.stop();
    await occupy(port);

    const lines: string[] = [];
    const moved = await start(root, (line) => lines.push(line));
    expect(moved.nodes[0]?.port).not.toBe(port);
    expect(lines).toContain(`port ${port} is taken by another program; MongoDB moved to port ${moved.nodes[0]?.port}`);
    expect(await countNotes(moved.uri)).toBe(1);
    await addNote(moved.uri);
    await moved.stop();

    const again = await start(root);
    expect(again.uri).toBe(moved.uri);
    expect(await countNotes(again.uri)).toBe(2);
  });

  it('refuses data that is open in another process, and names it', async () => {
    const root = await temporaryFolder();
    const owner = await startOwner({ persistent: { root } });
    await expect(start(root)).rejects.toMatchObject({
      code: 'DATA_FOLDER_IN_USE',
      message: expect.stringContaining(`in use by process ${owner.pid}`) as string,
    });
    expect(await countNotes(owner.uri)).toBe(0);
  });

  it('lets two starts at the same moment share nothing: one runs, one is refused', async () => {
    const root = await temporaryFolder();
    const outcomes = await Promise.allSettled([
      startOwner({ persistent: { root } }),
      startOwner({ persistent: { root } }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(String(refused?.reason)).toContain('in use by process');
  });
});
