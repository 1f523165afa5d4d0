import { isConfigurationError } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './shop-config.js';

const problemsOf = (env: Record<string, string>): unknown => {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (!isConfigurationError(error)) throw error;
    return error.details['problems'];
  }
};

const external = {
  AUTH_JWKS_URL: 'https://id.example.com/keys',
  AUTH_ISSUER: 'https://id.example.com',
  AUTH_AUDIENCE: 'shop',
};

describe('configuration from the environment', () => {
  it('is complete without any variable, for a developer: on loopback, with samples', () => {
    expect(loadConfig({})).toMatchObject({
      environment: 'development',
      host: '127.0.0.1',
      port: 3000,
      auth: { kind: 'development' },
      seed: true,
    });
  });

  it('takes an empty variable for a missing one', () => {
    expect(loadConfig({ MONGODB_URI: '', PORT: '' })).toMatchObject({ mongodbUri: undefined, port: 3000 });
  });

  it('tells all problems at once, by the names of the variables', () => {
    expect(problemsOf({ PORT: 'http', MONGODB_URI: 'localhost', LOG_LEVEL: 'loud', AUTH_ISSUER: 'x' })).toEqual([
      "PORT: 'http' is not a port: a whole number from 0 to 65535",
      'MONGODB_URI: must begin with mongodb:// or mongodb+srv://',
      "LOG_LEVEL: 'loud' is none of fatal, error, warn, info, debug, trace, silent",
    ]);
    expect(problemsOf({ AUTH_ISSUER: 'x' })).toEqual([
      'AUTH_JWKS_URL: is needed where AUTH_ISSUER is set',
      'AUTH_AUDIENCE: is needed where AUTH_ISSUER is set',
    ]);
  });

  it.each([
    ['PORT', '65536', /^PORT: '65536' is not a port/],
    ['PORT', '1e3', /^PORT: '1e3' is not a port/],
    ['SHUTDOWN_SECONDS', '0', /'0' is not a number of seconds: a whole number from 1 to 120$/],
    ['SEED', 'yes', /^SEED: 'yes' is none of on, off$/],
    ['AUTH_JWKS_URL', 'keys', /^AUTH_JWKS_URL: must be an address such as/],
  ])('refuses %s=%s in words that say what would do', (name, value, problem) => {
    expect(problemsOf({ [name]: value })).toContainEqual(expect.stringMatching(problem));
  });

  it('has neither a development issuer nor samples nor a MongoDB of its own in production', () => {
    expect(problemsOf({ NODE_ENV: 'production', SEED: 'on' })).toEqual([
      expect.stringMatching(/^AUTH_JWKS_URL: .*development issuer/),
      expect.stringMatching(/^AUTH_ISSUER: /),
      expect.stringMatching(/^AUTH_AUDIENCE: /),
      expect.stringMatching(/^MONGODB_URI: /),
      'SEED: cannot be on in production',
    ]);
    expect(loadConfig({ NODE_ENV: 'production', MONGODB_URI: 'mongodb://db/', ...external })).toMatchObject({
      auth: { kind: 'external', issuer: 'https://id.example.com' },
      seed: false,
    });
  });
});
