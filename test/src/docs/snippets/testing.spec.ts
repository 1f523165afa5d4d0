import { randomUUID } from 'node:crypto';
import { inMemory, silentLogger, streamName, systemEnvironment } from '@nestfold/core';
import { eventIdOf, finalLogOf, HistoryRecorder, judgeHistory, simulate, specification } from '@nestfold/testing';
import { describe, expect, it } from 'vitest';
import { Account, AccountOpened, Deposit, Deposited } from '../../readme/accounts.module.js';

describe('the README of testing', () => {
  it('takes a deposit', () =>
    specification(Account)
      .given(AccountOpened, { accountId: 'a1', owner: 'Ada' })
      .when(Deposit.of({ accountId: 'a1', cents: 250 }))
      .then(Deposited, { accountId: 'a1', cents: 250 }));

  it('judges a history as it is shown there', async () => {
    const { events } = await inMemory().connect({ environment: systemEnvironment, logger: silentLogger });
    const [stream, commitId] = [streamName('order', '1'), randomUUID()];
    const metadata = { correlationId: commitId, causationId: commitId };
    const fact = { type: 'order.placed', schema: 1, data: {} };
    const [receipt] = await events.append([{ stream, expected: 'noStream', events: [fact], commitId, metadata }]);
    const { commits } = await events.read(stream);
    const judged = (receipt: { readonly version: number }): HistoryRecorder => {
      const history = new HistoryRecorder();
      const pending = history.append('order-1', 0, [eventIdOf(commitId, 0)]); // right before it is sent
      pending.ok(receipt.version); // or pending.fail(true) after a conflict; neither when nobody knows
      judgeHistory(history, finalLogOf(commits)); // [] when every promise was kept
      return history;
    };
    expect(judgeHistory(judged(receipt!), finalLogOf(commits))).toEqual([]);
    expect(judgeHistory(judged({ version: 2 }), finalLogOf(commits))).not.toEqual([]);
  });

  it('simulates a run', async () => {
    const { violations, trace } = await simulate(42);
    expect(violations).toEqual([]);
    expect(trace.length).toBeGreaterThan(0);
  });
});
