import { storeTime } from '@nestfold/core';
import type { ClientSession, MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { storeTimeOf, timestampOf } from './bson-mapping.js';
import { CausalClock } from './causal-clock.js';

/** A client whose sessions note from which time on they read, and answer from the times given. */
function sessions(...times: readonly number[]) {
  const after: (string | undefined)[] = [];
  const answers = [...times];
  let ended = 0;
  const startSession = (): Partial<ClientSession> => {
    const place = after.push(undefined) - 1;
    return {
      operationTime: timestampOf(storeTime(answers.shift() ?? 0, 0)),
      advanceOperationTime: (time) => void (after[place] = storeTimeOf(time)),
      endSession: async () => void (ended += 1),
    };
  };
  return { client: { startSession } as unknown as MongoClient, after, ended: () => ended };
}

describe('CausalClock', () => {
  it('lets no read be older than the last append or the last read', async () => {
    // A primary that was just elected may not know yet what its predecessor acknowledged.
    const { client, after, ended } = sessions(5, 9, 9);
    const clock = new CausalClock(client);
    expect(await clock.read(async () => 'a')).toEqual({ value: 'a', time: storeTime(5, 0) });
    clock.observe(storeTime(7, 0));
    clock.observe(storeTime(6, 0));
    await clock.read(async () => 'b');
    await clock.read(async () => 'c');
    expect(after).toEqual([undefined, storeTime(7, 0), storeTime(9, 0)]);
    expect(ended()).toBe(3);
  });

  it('ends its session when a read fails', async () => {
    const { client, ended } = sessions();
    await expect(new CausalClock(client).read(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(ended()).toBe(1);
  });
});
