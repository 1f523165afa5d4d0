import { storeTime } from '@nestfold/core';
import type { ClientSession, MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { storeTimeOf, timestampOf } from './bson-mapping.js';
import { CausalClock } from './causal-clock.js';

/** A client whose sessions note from which time on they read, and answer from the times given. */
function sessions(...answers: number[]) {
  const after: (string | undefined)[] = [];
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
  it('asks for what a majority holds, and for nothing older than the latest time seen', () => {
    // A primary that was just elected may not know yet what its predecessor acknowledged.
    const clock = new CausalClock();
    expect(clock.readConcern()).toEqual({ level: 'majority' });
    clock.observe(storeTime(5, 0));
    clock.observe(storeTime(7, 3));
    clock.observe(storeTime(7, 2));
    expect(clock.readConcern()).toEqual({ level: 'majority', afterClusterTime: timestampOf(storeTime(7, 3)) });
  });

  it('lets a session read nothing older, notes what it saw, and ends it, also when the read fails', async () => {
    const { client, after, ended } = sessions(5, 9, 0);
    const clock = new CausalClock();
    expect(await clock.read(client, async () => 'a')).toBe('a');
    clock.observe(storeTime(7, 0));
    await clock.read(client, async () => 'b');
    await expect(clock.read(client, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(after).toEqual([undefined, storeTime(7, 0), storeTime(9, 0)]);
    expect(ended()).toBe(3);
  });
});
