import { UsageError } from '../usage.error.js';
import type { Choice } from './contexts.js';
import type { Names } from './names.js';

/** What else has a folder in `apps`, or a database, where there is a topic. */
const TAKEN = ['analytics', 'analytics-service', 'relay'];

/** Throws `UsageError` where an application would bear the name of another process that comes along, or of its database. */
export function requireFreeProject({ kebab }: Names, { hasKafka }: Pick<Choice, 'hasKafka'>): void {
  if (hasKafka && TAKEN.includes(kebab))
    throw new UsageError(
      `'${kebab}' is the name of a service that comes along with --transport kafka.`,
      'Take another name, such as corner-shop.',
    );
}
