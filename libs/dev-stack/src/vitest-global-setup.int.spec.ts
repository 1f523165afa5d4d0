import { afterEach, describe, expect, it, vi } from 'vitest';
import { TEST_URI_VARIABLE } from './testing/test-database.js';
import { setup } from './vitest-global-setup.js';

describe('the vitest global setup', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('fails the run where no MongoDB can be had, rather than skip its tests', async () => {
    vi.stubEnv(TEST_URI_VARIABLE, undefined);
    vi.stubEnv('MONGODB_URI', undefined);
    vi.stubEnv('NESTFOLD_MONGOD', '/nonexistent/mongod');
    await expect(setup()).rejects.toThrow('NESTFOLD_MONGOD cannot be used');
  });

  it('starts nothing beside a server that the run was given', async () => {
    vi.stubEnv('NESTFOLD_MONGOD', '/nonexistent/mongod');
    const given = process.env[TEST_URI_VARIABLE];
    const teardown = await setup();
    await teardown();
    expect(process.env[TEST_URI_VARIABLE]).toBe(given);
  });
});
