import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment.js';

describe('readEnvironment', () => {
  it('needs nothing outside of production', () => {
    expect(readEnvironment({})).toMatchObject({ NODE_ENV: 'development', PORT: 3000, HOST: '127.0.0.1', SEED: 'on' });
  });

  it('reports everything that is wrong at once', () => {
    const read = () => readEnvironment({ PORT: 'many', MONGODB_URI: 'localhost', LOG_LEVEL: 'loud', AUTH_ISSUER: 'us' });
    expect(read).toThrow(/PORT[^]*MONGODB_URI[^]*LOG_LEVEL[^]*/);
    expect(() => readEnvironment({ AUTH_ISSUER: 'us' })).toThrow(/AUTH_JWKS_URL[^]*AUTH_AUDIENCE/);
  });

  it('refuses production without an identity provider', () => {
    expect(() => readEnvironment({ NODE_ENV: 'production' })).toThrow(/AUTH_JWKS_URL[^]*AUTH_ISSUER[^]*AUTH_AUDIENCE/);
  });

  it('takes an empty variable as not set', () => {
    expect(readEnvironment({ PORT: '', MONGODB_URI: '' })).toMatchObject({ PORT: 3000 });
  });
});
