import { ConfigurationError } from '@nestfold/core';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const address = z.url({ protocol: /^https?$/ });

const schema = z
  .object({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: port.default(3000),
    MONGODB_URI: z
      .string()
      .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
      .optional(),
    MONGODB_DATABASE: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,63}$/, 'must have 1 to 63 letters, digits, _ or -')
      .default('shop'),
    AUTH_JWKS_URL: address.optional(),
    AUTH_ISSUER: z.string().min(1).optional(),
    AUTH_AUDIENCE: z.string().min(1).optional(),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    BODY_LIMIT_KB: z.coerce.number().int().min(1).max(10_240).default(100),
    SEED: z.enum(['on', 'off']).default('on'),
  })
  .superRefine((values, context) => {
    const given = (['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const).filter((name) => values[name] !== undefined);
    if (given.length === 3 || (given.length === 0 && values.NODE_ENV !== 'production')) return;
    const missing = (['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const).filter((name) => values[name] === undefined);
    const why = values.NODE_ENV === 'production' ? 'production has no development issuer' : 'the three go together';
    for (const name of missing) context.addIssue({ code: 'custom', path: [name], message: `must be set: ${why}` });
  });

/** How a deployable is set up, from its environment alone. */
export type PlatformConfig = z.infer<typeof schema>;

/** Reads the environment. Throws one `ConfigurationError` that lists every variable that is wrong. */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>> = process.env): PlatformConfig {
  // A variable that is set to nothing counts as not set: compose files do that.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw ConfigurationError.of(parsed.error.issues.map(({ path, message }) => `Environment variable ${path.join('.')}: ${message}.`));
}
