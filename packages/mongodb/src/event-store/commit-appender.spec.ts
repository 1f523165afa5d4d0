import {
  loadedVersion,
  statedVersion,
  StreamTurns,
  systemEnvironment,
  type ExpectedVersion,
  type StoreTime,
} from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { sampleCommit } from '../../test/sample-commit.js';
import { CommitAppender, type AppenderParts, type AppendOrder } from './commit-appender.js';
import type { CommitStub } from './commit-document.js';
import type { SendOutcome } from './pending-commit.js';
import { placed, type PreparedCommit } from './prepared-commit.js';

const TIME = '0000000100000001' as StoreTime;
const STREAM = 'order-1';
const ID = 'b7e5a1de-0000-4000-8000-000000000001';
const stored: SendOutcome = { kind: 'stored', time: TIME };
const takenBy = (by: CommitStub, resent = false): SendOutcome => ({ kind: 'taken', by, time: TIME, resent });
const stub = (version: number, commitId?: string): CommitStub =>
  placed(sampleCommit(STREAM, commitId ? { commitId } : {}), version).document;

/** An appender whose database is a script: where the stream ends, what the sendings answer, what is new after each. */
function rig(script: {
  readonly end?: number;
  readonly sends: readonly SendOutcome[];
  readonly news?: readonly (readonly CommitStub[])[];
  readonly keyed?: CommitStub;
  readonly waitMs?: number;
}) {
  const steps: string[] = [];
  const sends = [...script.sends];
  const news = [...(script.news ?? [])];
  const parts: AppenderParts = {
    environment: systemEnvironment,
    reader: {
      endOf: async () => {
        steps.push('end');
        return { version: script.end ?? 0, time: TIME };
      },
      since: async (_, version) => {
        steps.push(`since ${version}`);
        return { stubs: news.shift() ?? [], time: TIME };
      },
    },
    group: {
      send: async (commit: PreparedCommit) => {
        steps.push(`send ${commit.document._id.v}`);
        return sends.shift() as SendOutcome;
      },
    },
    lookup: {
      find: async () => {
        steps.push('lookup');
        return script.keyed && { stub: script.keyed, time: TIME };
      },
    },
    turns: new StreamTurns(systemEnvironment, 10),
  };
  const appender = new CommitAppender(parts);
  const order = (expected: ExpectedVersion, keyed = false): AppendOrder => ({
    id: ID,
    commit: sampleCommit(STREAM, { commitId: ID, keyed }),
    expected,
    deadline: systemEnvironment.now() + (script.waitMs ?? 5_000),
  });
  return { steps, append: (expected: ExpectedVersion, keyed?: boolean) => appender.append(order(expected, keyed)) };
}

describe('CommitAppender', () => {
  it('appends behind a loaded version with nothing but the insert', async () => {
    const { append, steps } = rig({ sends: [stored] });
    await expect(append(loadedVersion(4))).resolves.toMatchObject({
      version: 5,
      commitId: ID,
      time: TIME,
      repeated: false,
    });
    expect(steps).toEqual(['send 5']);
  });

  it('tells by one look at what is new who was faster, and whether it was its twin', async () => {
    const lost = rig({ sends: [takenBy(stub(5))], news: [[stub(5), stub(6)]] });
    await expect(lost.append(loadedVersion(4))).rejects.toMatchObject({ code: 'stream.conflict', actual: 6 });
    expect(lost.steps).toEqual(['send 5', 'since 4']);
    // Fails when `own` is not looked for (tried): what is stored is told as a conflict.
    const twin = rig({ sends: [takenBy(stub(5))], news: [[stub(5), stub(6, ID)]] });
    await expect(twin.append(loadedVersion(4), true)).resolves.toMatchObject({ version: 6, repeated: true });
    expect(twin.steps).toEqual(['lookup', 'send 5', 'since 4']);
  });

  it('looks for a keyed commit only behind the first look at the end', async () => {
    // In the other order a twin could be stored between the two, and be found by neither.
    const { append, steps } = rig({ end: 4, sends: [stored] });
    await append('any', true);
    expect(steps).toEqual(['end', 'lookup', 'send 5']);
  });

  it('finds its twin among what came behind the first look, and stores nothing more', async () => {
    // Fails when `own` is not looked for among the news: then it is stored twice (tried).
    const { append, steps } = rig({ end: 4, sends: [takenBy(stub(5)), stored], news: [[stub(5), stub(6, ID)]] });
    await expect(append('any')).resolves.toMatchObject({ version: 6, repeated: true });
    expect(steps).toEqual(['end', 'send 5', 'since 4']);
  });

  it('goes on behind the new end when it lost a race', async () => {
    const { append, steps } = rig({
      end: 4,
      sends: [takenBy(stub(5)), takenBy(stub(7)), stored],
      news: [[stub(5), stub(6)], [stub(7)]],
    });
    await expect(append('streamExists')).resolves.toMatchObject({ version: 8 });
    expect(steps).toEqual(['end', 'send 5', 'since 4', 'send 7', 'since 6', 'send 8']);
  });

  it('tries the same place again while a majority knows of nobody there', async () => {
    const { append, steps } = rig({ end: 4, sends: [takenBy(stub(5)), stored], news: [[]] });
    await append('any');
    expect(steps).toEqual(['end', 'send 5', 'since 4', 'send 5']);
  });

  it('calls it its own first effect when an earlier sending of the same call had stored it', async () => {
    const again = rig({ sends: [takenBy(stub(1, ID), true)] });
    await expect(again.append('noStream')).resolves.toMatchObject({ version: 1, repeated: false });
    const before = rig({ sends: [takenBy(stub(1, ID))] });
    await expect(before.append('noStream')).resolves.toMatchObject({ version: 1, repeated: true });
  });

  it('refuses a stated version that is not the end, without sending', async () => {
    const { append, steps } = rig({ end: 4, sends: [] });
    await expect(append(statedVersion(3))).rejects.toMatchObject({ code: 'stream.conflict', actual: 4 });
    expect(steps).toEqual(['end']);
  });

  it('refuses a stated version that somebody else was faster at', async () => {
    const { append } = rig({ end: 4, sends: [takenBy(stub(5))], news: [[stub(5)]] });
    await expect(append(statedVersion(4))).rejects.toMatchObject({ code: 'stream.conflict', actual: 5 });
  });

  it('says which body a key was used for', async () => {
    const keyed = { ...stub(2, ID), b: 'another' };
    await expect(rig({ end: 4, sends: [], keyed }).append('any', true)).rejects.toMatchObject({
      code: 'command.key-reused',
    });
  });

  it('gives up an endless race at the deadline as contention [W-20]', async () => {
    const { append } = rig({ sends: Array.from({ length: 1_000 }, () => takenBy(stub(1))), waitMs: 30 });
    await expect(append('any')).rejects.toMatchObject({ code: 'append.contention' });
  });
});
