import { UsageError } from '../usage.error.js';
import type { Choice } from './contexts.js';
import { namesOf, type Names } from './names.js';

/** What else has a folder in `apps`, or a database, where there is a topic. */
const TAKEN = ['analytics', 'analytics-service', 'relay'];

/** MongoDB's own, in which no transaction may write: the application's database is named like it. */
const DATABASES = ['admin', 'config', 'local'];
/** Its libraries would stand among those of others: ours, those of NestJS, and types, of which TypeScript lets none be imported. */
const SCOPES = ['nestfold', 'nestjs', 'types'];

/** The forms of an application's name. Throws `UsageError` for one that its folder, its packages or its database cannot bear. */
export function applicationNames(name: string): Names {
  const names = namesOf('an application', name);
  if (DATABASES.includes(name))
    throw new UsageError(
      `'${name}' is a database of MongoDB's own, and the application's would be named so.`,
      'Take another name, such as corner-shop.',
    );
  if (SCOPES.includes(name))
    throw new UsageError(
      `'${name}' is the scope of packages that the application is built on.`,
      'Take another name, such as corner-shop.',
    );
  return names;
}

/** Throws `UsageError` where an application would bear the name of another process that comes along, or of its database. */
export function requireFreeProject({ kebab }: Names, { hasKafka }: Pick<Choice, 'hasKafka'>): void {
  if (hasKafka && TAKEN.includes(kebab))
    throw new UsageError(
      `'${kebab}' is the name of a service that comes along with --transport kafka.`,
      'Take another name, such as corner-shop.',
    );
}
