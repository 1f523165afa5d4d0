import { ALL_ROLES, type NestfoldOptions, type Role } from '../module/nestfold-options.js';

const OPTIONS = 'NestfoldModule.forRoot';

/** What is wrong with the options; types do not see what a configuration file or an environment variable brings. */
export function optionProblems(options: NestfoldOptions): string[] {
  return [...storeProblems(options), ...roleProblems(options), ...numberProblems(options)];
}

function storeProblems({ store }: NestfoldOptions): string[] {
  if (typeof (store as Partial<NestfoldOptions['store']> | undefined)?.connect === 'function') return [];
  return [`${OPTIONS} got no store: pass { store: mongo({ uri: … }) }, or inMemory() for tests.`];
}

function roleProblems({ roles }: NestfoldOptions): string[] {
  if (roles === undefined) return [];
  if (!Array.isArray(roles) || roles.length === 0)
    return [`${OPTIONS} got no roles: name at least one of ${ALL_ROLES.join(', ')}, or leave roles out for all.`];
  const unknown = (roles as readonly Role[]).filter((role) => !ALL_ROLES.includes(role));
  return unknown.map((role) => `${OPTIONS} got the role '${String(role)}': use ${ALL_ROLES.join(', ')}.`);
}

function numberProblems({ connectWithinMs, drainMs, retry, engine, build }: NestfoldOptions): string[] {
  const numbers: Record<string, unknown> = {
    connectWithinMs,
    drainMs,
    'retry.attempts': retry?.attempts,
    'retry.withinMs': retry?.withinMs,
    ...Object.fromEntries(Object.entries(engine ?? {}).map(([name, value]) => [`engine.${name}`, value])),
  };
  const unfit = Object.entries(numbers).filter(
    ([, value]) => value !== undefined && !(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0),
  );
  return [
    ...unfit.map(([name, value]) => `${OPTIONS} got ${name} ${String(value)}: use a whole number from 0.`),
    ...(build === '' ? [`${OPTIONS} got an empty build: name what is deployed, or leave it out.`] : []),
  ];
}
