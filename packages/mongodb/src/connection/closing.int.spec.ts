import { systemEnvironment, type Logger } from '@nestfold/core';
import { testDatabase } from '@nestfold/dev-stack';
import { describe, expect, it } from 'vitest';
import { mongo } from './mongo.adapter.js';

describe('a connection that is closed while somebody still follows', () => {
  // Taken away once to see this fail: closing the read side. The shared stream was then opened again and again on a closed client.
  it('ends the change stream, and nothing tries to open it again', async () => {
    const database = testDatabase('closing');
    const warnings: string[] = [];
    const logger: Logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: (message) => void warnings.push(message),
      error: (message) => void warnings.push(message),
    };
    const store = await mongo({ uri: database.uri, database: database.name }).connect({
      environment: systemEnvironment,
      logger,
    });
    const subscription = store.feed.subscribe({ at: await store.feed.now() });
    await subscription.next({ max: 1, waitMs: 0 });
    await store.close();
    await expect(subscription.next({ max: 1, waitMs: 300 })).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(warnings).toEqual([]);
    await subscription.close();
    await database.drop();
  });
});
