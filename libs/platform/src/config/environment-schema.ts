import { z } from 'zod';
import { oneOf, wholeNumber } from './setting-rules.js';

/** The variables that a deployable reads, each with its rule and default. An empty one counts as missing. */
export const environmentSchema = z
  .object({
    NODE_ENV: oneOf('development', 'test', 'production').default('development'),
    HOST: z.string().default('127.0.0.1'),
    PORT: wholeNumber('is not a port', 0, 65_535).default(3000),
    MONGODB_URI: z
      .string()
      .regex(/^mongodb(\+srv)?:\/\/.+/, 'must begin with mongodb:// or mongodb+srv://')
      .optional(),
    MONGODB_DATABASE: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,38}$/, 'must be 1 to 38 letters, digits, _ or -')
      .optional(),
    AUTH_JWKS_URL: z
      .url({ protocol: /^https?$/, error: 'must be an address such as https://id.example.com/keys' })
      .optional(),
    AUTH_ISSUER: z.string().optional(),
    AUTH_AUDIENCE: z.string().optional(),
    AUTH_MAX_AGE_SECONDS: wholeNumber('is not a number of seconds', 60, 86_400).default(43_200),
    LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
    SEED: oneOf('on', 'off').optional(),
    DATA_DIR: z.string().default('.data'),
    SHUTDOWN_SECONDS: wholeNumber('is not a number of seconds', 1, 120).default(10),
  })
  .superRefine((env, context) => {
    const stated = (['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const).filter(
      (name) => env[name] !== undefined,
    );
    const missing = (['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const).filter(
      (name) => env[name] === undefined,
    );
    const problem = (name: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [name], message });
    if (stated.length > 0) {
      for (const name of missing) problem(name, `is needed where ${stated.join(' and ')} is set`);
    } else if (env.NODE_ENV === 'production') {
      for (const name of missing) problem(name, 'is needed in production: the development issuer does not exist there');
    }
    if (env.NODE_ENV === 'production' && env.MONGODB_URI === undefined) {
      problem('MONGODB_URI', 'is needed in production: no MongoDB is started there');
    }
    if (env.NODE_ENV === 'production' && env.SEED === 'on') problem('SEED', 'cannot be on in production');
  });

/** The variables once they are checked. */
export type CheckedEnvironment = z.infer<typeof environmentSchema>;
