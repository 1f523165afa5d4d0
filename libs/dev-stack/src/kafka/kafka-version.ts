import type { Env } from '../support/cache-folder.js';

const DEFAULT = '3.9.1';

/**
 * The version of Kafka to run: `NESTFOLD_KAFKA_VERSION`, else 3.9.1. Throws an `Error` where that is no version, since it goes into paths.
 * @internal
 */
export function kafkaVersionOf(env: Env): string {
  const version = env['NESTFOLD_KAFKA_VERSION'] || DEFAULT;
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(`NESTFOLD_KAFKA_VERSION cannot be used: "${version}" is no version such as ${DEFAULT}`);
  }
  return version;
}
