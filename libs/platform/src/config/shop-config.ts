import { ConfigurationError } from '@nestfold/core';
import { environmentSchema, type CheckedEnvironment } from './environment-schema.js';

/** Whose tokens are believed. */
export type AuthConfig =
  | {
      readonly kind: 'external';
      readonly jwksUrl: URL;
      readonly issuer: string;
      readonly audience: string;
      readonly maxAgeSeconds: number;
    }
  /** Tokens of the process's own issuer for the users that come with the shop; never in production. */
  | { readonly kind: 'development'; readonly maxAgeSeconds: number };

/** All settings of a deployable. An abstract class, so that it can be injected by its type. */
export abstract class ShopConfig {
  abstract readonly environment: 'development' | 'test' | 'production';
  /** Loopback by default: whoever wants to be reached from outside says so. */
  abstract readonly host: string;
  abstract readonly port: number;
  /** Missing: start one. */
  abstract readonly mongodbUri: string | undefined;
  /** Missing: the one that the URI names, else the application's own. */
  abstract readonly mongodbDatabase: string | undefined;
  abstract readonly auth: AuthConfig;
  abstract readonly logLevel: CheckedEnvironment['LOG_LEVEL'];
  /** Whether an empty shop is filled with samples at start. */
  abstract readonly seed: boolean;
  /** Where a developer's machine keeps what outlives the process: MongoDB's data, the development issuer's key. */
  abstract readonly dataFolder: string;
  /** How long a shutdown waits for requests in flight. */
  abstract readonly shutdownMs: number;
}

/** Reads the settings from variables. Throws one `ConfigurationError` that lists every problem, by the variable's name. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): ShopConfig {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = environmentSchema.safeParse(present);
  if (!result.success) {
    throw ConfigurationError.of(result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  }
  const checked = result.data;
  return {
    environment: checked.NODE_ENV,
    host: checked.HOST,
    port: checked.PORT,
    mongodbUri: checked.MONGODB_URI,
    mongodbDatabase: checked.MONGODB_DATABASE,
    auth: authOf(checked),
    logLevel: checked.LOG_LEVEL,
    seed: checked.SEED === undefined ? checked.NODE_ENV === 'development' : checked.SEED === 'on',
    dataFolder: checked.DATA_DIR,
    shutdownMs: checked.SHUTDOWN_SECONDS * 1_000,
  };
}

function authOf(env: CheckedEnvironment): AuthConfig {
  const { AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE, AUTH_MAX_AGE_SECONDS: maxAgeSeconds } = env;
  if (AUTH_JWKS_URL === undefined || AUTH_ISSUER === undefined || AUTH_AUDIENCE === undefined) {
    return { kind: 'development', maxAgeSeconds };
  }
  return {
    kind: 'external',
    jwksUrl: new URL(AUTH_JWKS_URL),
    issuer: AUTH_ISSUER,
    audience: AUTH_AUDIENCE,
    maxAgeSeconds,
  };
}
