import type { EventTransport } from '@nestfold/core';
import { ALL_ROLES, type NestfoldOptions, type Role } from '../module/nestfold-options.js';

const OPTIONS = 'NestfoldModule.forRoot';
/** The longest that a timer can be set for, 24 days: one that is set for longer ends at once. */
const LONGEST_MS = 2 ** 31 - 1;
/** Compared with, and no timer is set for it. */
const NO_TIMER = 'engine.versionKeepMs';
/** With 0 of these nothing would be done, or all of it without a pause. */
const FROM_ONE: ReadonlySet<string> = new Set([
  'engine.leaseMs',
  'engine.leasePollMs',
  'engine.heartbeatMs',
  'engine.swapMs',
  'engine.backoffMs',
  'engine.backoffMaxMs',
  'engine.relayBackoffMaxMs',
  'engine.handlerBackoffMaxMs',
  'engine.handlerTimeoutMs',
  'engine.attempts',
  'engine.handlerAttempts',
  'engine.partitions',
  'engine.liveEvents',
  'engine.historyEvents',
  'engine.historyDocuments',
  'engine.batchBytes',
  'engine.loadRangeCommits',
]);

/** What is wrong with the options; types do not see what a configuration file or an environment variable brings. */
export function optionProblems(options: NestfoldOptions): string[] {
  return [
    ...storeProblems(options),
    ...transportProblems(options),
    ...roleProblems(options),
    ...numberProblems(options),
  ];
}

function storeProblems({ store }: NestfoldOptions): string[] {
  if (typeof (store as Partial<NestfoldOptions['store']> | undefined)?.connect === 'function') return [];
  return [`${OPTIONS} got no store: pass { store: mongo({ uri: … }) }, or inMemory() for tests.`];
}

function transportProblems({ transports }: NestfoldOptions): string[] {
  if (transports === undefined) return [];
  if (
    !Array.isArray(transports) ||
    transports.some((one) => typeof (one as Partial<EventTransport>)?.connect !== 'function')
  )
    return [`${OPTIONS} got transports that are none: pass [kafka({ brokers: …, prefix: …, topics: … })].`];
  return transports.length > 1 ? [`${OPTIONS} got ${transports.length} transports: name one, with all topics.`] : [];
}

function roleProblems({ roles, transports = [] }: NestfoldOptions): string[] {
  if (roles === undefined) return [];
  if (!Array.isArray(roles) || roles.length === 0)
    return [`${OPTIONS} got no roles: name at least one of ${ALL_ROLES.join(', ')}, or leave roles out for all.`];
  const unknown = (roles as readonly Role[]).filter((role) => !ALL_ROLES.includes(role));
  const idle = roles.includes('relay') && transports.length === 0;
  return [
    ...unknown.map((role) => `${OPTIONS} got the role '${String(role)}': use ${ALL_ROLES.join(', ')}.`),
    ...(idle ? [`${OPTIONS} got the role 'relay', but no transport: add kafka({ … }) to transports.`] : []),
  ];
}

function numberProblems({ connectWithinMs, drainMs, retry, engine, build }: NestfoldOptions): string[] {
  const numbers: Record<string, unknown> = {
    connectWithinMs,
    drainMs,
    'retry.attempts': retry?.attempts,
    'retry.withinMs': retry?.withinMs,
    ...Object.fromEntries(Object.entries(engine ?? {}).map(([name, value]) => [`engine.${name}`, value])),
  };
  const unfit = Object.entries(numbers).flatMap(([name, value]) => {
    const [least, most] = [FROM_ONE.has(name) ? 1 : 0, isTimer(name) ? LONGEST_MS : Number.MAX_SAFE_INTEGER];
    if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most))
      return [];
    const range = `from ${least}${isTimer(name) ? ` to ${LONGEST_MS}` : ''}`;
    return [
      `${OPTIONS} got ${name} ${typeof value === 'number' ? value : JSON.stringify(value)}: use a whole number ${range}.`,
    ];
  });
  return [
    ...unfit,
    ...(build === '' ? [`${OPTIONS} got an empty build: name what is deployed, or leave it out.`] : []),
  ];
}

function isTimer(name: string): boolean {
  return name.endsWith('Ms') && name !== NO_TIMER;
}
