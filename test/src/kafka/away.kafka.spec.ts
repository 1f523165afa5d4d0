import { testDatabase } from '@nestfold/dev-stack';
import { afterAll, describe, expect, it } from 'vitest';
import { brokerAway } from './broker-away.js';

const AWAY_MS = Number(process.env['NESTFOLD_KAFKA_AWAY_S'] ?? 3) * 1_000;
/** A command that takes longer has waited for something that it need not wait for. */
const LONGEST_COMMAND_MS = 5_000;

describe('broker that is away', () => {
  const database = testDatabase('topic-away');
  afterAll(() => database.drop());

  it(`fails no command for ${AWAY_MS / 1_000} s, and all that was stored meanwhile gets to the topic and its readers afterwards [K-2]`, async () => {
    const { uri, name } = database;
    const { failed, meanwhile, longest, drained, wrong } = await brokerAway({
      uri,
      database: name,
      awayMs: AWAY_MS,
      times: 1,
    });
    expect(failed).toBe(0);
    expect(meanwhile).toBeGreaterThan(AWAY_MS / 100);
    expect(longest).toBeLessThan(LONGEST_COMMAND_MS);
    expect(wrong).toEqual([]);
    console.log(
      `broker away: ${meanwhile} commits in ${AWAY_MS / 1_000} s, the longest took ${longest} ms; all read ${drained} ms after its start was begun`,
    );
  }, 240_000);
});
