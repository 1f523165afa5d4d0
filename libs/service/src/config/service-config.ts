import { ConfigurationError, isConfigurationError } from '@nestfold/core';
import { loadConfig, type ShopConfig } from '@shop/platform';
import { z } from 'zod';

/** How the broker is reached. */
export interface KafkaSettings {
  readonly brokers: readonly string[];
  /** What the names of topics begin with. */
  readonly prefix: string;
  /** What messages are sealed with; missing: whoever may write to a topic is believed. */
  readonly secret?: string;
}

/** The settings of a service that stands between a database and a broker. Both are somebody else's to start. */
export interface ServiceConfig extends ShopConfig {
  readonly mongodbUri: string;
  /** The database's name. */
  readonly database: string;
  readonly kafka: KafkaSettings;
}

/** What a service has unless the environment says otherwise. */
export interface ServiceDefaults {
  readonly port: number;
  readonly database: string;
}

const ADDRESS = /^[A-Za-z0-9.-]+:\d{1,5}$/;

const kafkaSchema = z.object({
  KAFKA_BROKERS: z
    .string({ error: 'is needed: the addresses of the broker, such as 127.0.0.1:9092' })
    .transform((text) => text.split(',').map((address) => address.trim()))
    .refine((addresses) => addresses.every((address) => ADDRESS.test(address)), {
      error: 'must be addresses with commas between, such as 127.0.0.1:9092',
    }),
  KAFKA_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,80}$/, 'must be letters, digits, - and _')
    .default('shop'),
  KAFKA_SECRET: z.string().min(16, 'must have at least 16 characters, made by chance').optional(),
  MONGODB_URI: z.string({ error: 'is needed: this service starts no MongoDB' }),
});

/** Reads the settings from variables. Throws one `ConfigurationError` that lists every problem, by the variable's name. */
export function loadServiceConfig(
  env: Readonly<Record<string, string | undefined>>,
  { port, database }: ServiceDefaults,
): ServiceConfig {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { config, problems } = shopConfigOf({ PORT: String(port), ...present });
  const checked = kafkaSchema.safeParse(present);
  if (!checked.success)
    problems.push(...checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  if (config === undefined || !checked.success) throw ConfigurationError.of(problems);
  const { KAFKA_BROKERS: brokers, KAFKA_PREFIX: prefix, KAFKA_SECRET: secret, MONGODB_URI: mongodbUri } = checked.data;
  return {
    ...config,
    mongodbUri,
    database: config.mongodbDatabase ?? database,
    kafka: { brokers, prefix, ...(secret !== undefined && { secret }) },
  };
}

function shopConfigOf(env: Readonly<Record<string, string | undefined>>): {
  config?: ShopConfig;
  problems: string[];
} {
  try {
    return { config: loadConfig(env), problems: [] };
  } catch (error) {
    if (!isConfigurationError(error)) throw error;
    return { problems: [...(error.details['problems'] as readonly string[])] };
  }
}
