import { systemEnvironment, type Environment, type StoreTime } from '@nestfold/core';
import { describe, expect, it, vi } from 'vitest';
import { sampleCommit } from '../../test/sample-commit.js';
import type { CommitDocument, CommitStub } from './commit-document.js';
import { GroupCommit, type GroupCommitParts } from './group-commit.js';
import type { QueueLimits } from './commit-queue.js';
import type { Fault, InsertReply } from './insert-reply.js';
import { placed } from './prepared-commit.js';

const TIME = '0000000100000001' as StoreTime;
const LIMITS: QueueLimits = { commits: 1_000, bytes: 1_000_000, commitsAFlush: 500, bytesAFlush: 8_000_000 };
const SOON = (): number => systemEnvironment.now() + 5_000;
const unsure: Fault = { kind: 'unsure', cause: new Error('50') };

/** An insert under way, of which the test says how it ends. */
interface Sent {
  readonly streams: readonly string[];
  readonly end: (reply?: InsertReply) => void;
}

function rig(limits: Partial<QueueLimits> = {}, parts: Partial<GroupCommitParts> = {}) {
  const sent: Sent[] = [];
  const aside: Sent[] = [];
  const recorder = (list: Sent[]) => ({
    insert: (documents: readonly CommitDocument[]) =>
      new Promise<InsertReply>((resolve) => {
        list.push({ streams: documents.map(({ _id }) => _id.s), end: (reply = { time: TIME }) => resolve(reply) });
      }),
  });
  // Time stands still in pauses, so that nothing waits.
  const environment: Environment = { ...systemEnvironment, sleep: async () => undefined };
  const holdersOf = vi.fn(async () => ({ holders: [undefined] as (CommitStub | undefined)[], time: TIME }));
  const group = new GroupCommit(
    { environment, inserter: recorder(sent), aside: recorder(aside), holdersOf, ...parts },
    { ...LIMITS, ...limits },
  );
  const send = (stream: string, deadline = SOON(), version = 1) => {
    const outcome = group.send(placed(sampleCommit(stream), version), deadline);
    // Some cases leave commits on their way: what becomes of these at their deadline is nobody's concern.
    outcome.catch(() => undefined);
    return outcome;
  };
  return { group, send, sent, aside, holdersOf };
}

describe('GroupCommit', () => {
  it('sends a lone commit at once', async () => {
    const { send, sent } = rig();
    const done = send('order-1');
    await Promise.resolve();
    expect(sent).toHaveLength(1);
    sent[0]?.end();
    await expect(done).resolves.toEqual({ kind: 'stored', time: TIME });
  });

  it('has two inserts in flight, and sends together what arrives meanwhile', async () => {
    const { send, sent } = rig();
    const all = [send('order-1')];
    await Promise.resolve();
    all.push(send('order-2'));
    await Promise.resolve();
    for (const id of [3, 4, 5]) all.push(send(`order-${id}`));
    await Promise.resolve();
    expect(sent.map(({ streams }) => streams)).toEqual([['order-1'], ['order-2']]);
    sent[0]?.end();
    await vi.waitFor(() => expect(sent[2]?.streams).toEqual(['order-3', 'order-4', 'order-5']), 10_000);
    for (const one of sent.slice(1)) one.end();
    await Promise.all(all);
  });

  it('makes two even inserts of many that arrive at once, so that one is made while the other is stored', async () => {
    const { send, sent } = rig();
    const all = Array.from({ length: 40 }, (_, id) => send(`order-${id}`));
    await Promise.resolve();
    expect(sent.map(({ streams }) => streams.length)).toEqual([20, 20]);
    for (const one of sent) one.end();
    await Promise.all(all);
  });

  it('keeps an insert within its limits of documents and bytes', async () => {
    const { send, sent } = rig({ commitsAFlush: 4 });
    const all = Array.from({ length: 9 }, (_, id) => send(`order-${id}`));
    await Promise.resolve();
    expect(sent.map(({ streams }) => streams.length)).toEqual([4, 4]);
    sent[0]?.end();
    await vi.waitFor(() => expect(sent).toHaveLength(3), 10_000);
    for (const one of sent) one.end();
    await Promise.all(all);

    const small = rig({ bytesAFlush: 2 * sampleCommit('order-1').bytes });
    for (const id of [1, 2, 3]) void small.send(`order-${id}`);
    await Promise.resolve();
    expect(small.sent.map(({ streams }) => streams.length)).toEqual([2, 1]);
  });

  it('sends at most one commit of a stream at a time, the others in order behind it', async () => {
    // Fails when `CommitQueue.add` makes each commit ready at once (tried).
    const { send, sent } = rig();
    const all = [1, 2, 3].map((version) => send('order-1', SOON(), version));
    all.push(send('order-2'));
    for (let flight = 0; flight < 3; flight += 1) {
      await vi.waitFor(() => expect(sent).toHaveLength(flight + 1), 10_000);
      expect(sent[flight]?.streams.filter((stream) => stream === 'order-1')).toHaveLength(1);
      sent[flight]?.end();
    }
    await expect(Promise.all(all)).resolves.toHaveLength(4);
  });

  it('gives each commit of an insert its own outcome', async () => {
    const holder = sampleCommit('order-2').document;
    const { send, sent, aside } = rig({}, { holdersOf: async () => ({ holders: [holder], time: TIME }) });
    const [stored, taken, refused, doubtful] = ['order-1', 'order-2', 'order-3', 'order-4'].map((stream) =>
      send(stream),
    );
    refused?.catch(() => undefined);
    await Promise.resolve();
    const faults = new Map<number, Fault>([
      [1, { kind: 'taken' }],
      [2, { kind: 'refused', cause: { code: 121, errmsg: 'no' } }],
      [3, unsure],
    ]);
    sent[0]?.end({ time: TIME, faults });
    await expect(stored).resolves.toMatchObject({ kind: 'stored' });
    await expect(taken).resolves.toMatchObject({ kind: 'taken', by: holder, resent: false });
    await expect(refused).rejects.toMatchObject({ code: 'event.invalid' });
    await vi.waitFor(() => expect(aside.map(({ streams }) => streams)).toEqual([['order-4']]), 10_000);
    aside[0]?.end();
    await expect(doubtful).resolves.toMatchObject({ kind: 'stored' });
  });

  it('finds the one that blocks among 500 in three rounds, while the others go through', async () => {
    // With the whole batch sent again instead of parts nobody gets through (tried: DIVIDE_BY = 1).
    let rounds = 0;
    const aside = {
      insert: async (documents: readonly CommitDocument[]): Promise<InsertReply> => {
        if (!documents.some(({ _id }) => _id.s === 'order-77')) return { time: TIME };
        rounds += 1;
        return documents.length === 1 ? new Promise(() => undefined) : { others: unsure };
      },
    };
    const { send, sent } = rig({}, { aside });
    const all = Array.from({ length: 500 }, (_, id) => send(`order-${id}`));
    await Promise.resolve();
    for (const one of sent) one.end({ others: unsure });
    await expect(Promise.all(all.filter((_, id) => id !== 77))).resolves.toHaveLength(499);
    await vi.waitFor(() => expect(rounds).toBe(3), 10_000);
    let answered = false;
    const settled = (): boolean => (answered = true);
    void all[77]?.then(settled, settled);
    await Promise.resolve();
    expect(answered).toBe(false);
  });

  it('sends again what is taken while a majority knows of nobody there', async () => {
    // Resolving by that read would call it free, or a conflict with nobody (fails when `undecided` is settled instead; tried).
    const { send, sent, aside, holdersOf } = rig();
    const done = send('order-1');
    await Promise.resolve();
    sent[0]?.end({ time: TIME, faults: new Map([[0, { kind: 'taken' }]]) });
    await vi.waitFor(() => expect(aside).toHaveLength(1), 10_000);
    expect(holdersOf).toHaveBeenCalledOnce();
    aside[0]?.end();
    await expect(done).resolves.toMatchObject({ kind: 'stored' });
  });

  it('tells those who want a place that a majority holds already, without asking again', async () => {
    const { send, sent } = rig();
    const first = send('order-1');
    const others = [send('order-1'), send('order-1')];
    await Promise.resolve();
    sent[0]?.end();
    await first;
    await expect(Promise.all(others)).resolves.toMatchObject([{ kind: 'taken' }, { kind: 'taken' }]);
    expect(sent).toHaveLength(1);
  });

  it('refuses what is too much, by number and by bytes, and takes more when there is room again [W-16]', async () => {
    const { send, sent } = rig({ commits: 2 });
    const all = [send('order-1'), send('order-2')];
    await expect(send('order-3')).rejects.toMatchObject({ code: 'store.overloaded' });
    sent[0]?.end();
    await Promise.all(all);
    const later = send('order-3');
    await vi.waitFor(() => expect(sent).toHaveLength(2), 10_000);
    sent[1]?.end();
    await later;
    await expect(rig({ bytes: 10 }).send('order-1')).rejects.toMatchObject({ code: 'store.overloaded' });
  });

  it("ends the wait at the caller's deadline, and knows what never left", async () => {
    const { send, sent } = rig();
    const late = systemEnvironment.now() + 30;
    const left = send('order-1', late);
    const behind = send('order-1', late, 2);
    const other = send('order-1', SOON(), 3);
    await expect(left).rejects.toMatchObject({ code: 'append.outcome-unknown' });
    await expect(behind).rejects.toMatchObject({ code: 'store.overloaded' });
    expect(sent).toHaveLength(1);
    sent[0]?.end();
    await vi.waitFor(() => expect(sent).toHaveLength(2), 10_000);
    sent[1]?.end();
    await expect(other).resolves.toMatchObject({ kind: 'stored' });
  });

  it('waits at its close for what is on its way, takes nothing more, and tells what is left', async () => {
    const { group, send, sent } = rig({}, { environment: systemEnvironment });
    const done = send('order-1');
    await Promise.resolve();
    const closed = group.close(60_000);
    await expect(send('order-2')).rejects.toMatchObject({ code: 'store.overloaded' });
    sent[0]?.end();
    await expect(done).resolves.toMatchObject({ kind: 'stored' });
    await closed;

    const stuck = rig();
    const lost = stuck.send('order-1');
    lost.catch(() => undefined);
    await Promise.resolve();
    await stuck.group.close(0);
    await expect(lost).rejects.toMatchObject({ code: 'append.outcome-unknown' });
  });
});
