import { UsageError } from '../usage.error.js';

/** What projections may follow. */
export const TRANSPORTS = ['change-streams', 'kafka'] as const;

/** Change streams alone, or a topic of Kafka as well. */
export type Transport = (typeof TRANSPORTS)[number];

/** Throws `UsageError` for a word that names no transport. */
export function transportOf(word: string): Transport {
  const transport = TRANSPORTS.find((one) => one === word.trim());
  if (transport !== undefined) return transport;
  throw new UsageError(
    `There is no transport '${word}'.`,
    'Say --transport change-streams, or --transport kafka for a service that is fed from a topic.',
  );
}
