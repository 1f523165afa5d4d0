import { afterEach, describe, expect, it, vi } from 'vitest';
import { TEST_URI_VARIABLE, testDatabase } from './test-database.js';

describe('testDatabase', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('fails without a server, and says what to add', () => {
    vi.stubEnv(TEST_URI_VARIABLE, undefined);
    expect(() => testDatabase()).toThrow(/globalSetup/);
  });

  it('makes a name that MongoDB accepts of any title', () => {
    vi.stubEnv(TEST_URI_VARIABLE, 'mongodb://127.0.0.1/');
    expect(testDatabase('Orders / "late" $hipping. '.repeat(9)).name).toMatch(/^[a-z0-9_-]{1,63}$/);
  });
});
