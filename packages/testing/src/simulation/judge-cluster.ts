import { projectionDefinitionOf, readModelDefinitionOf, type ProjectionDefinition } from '@nestfold/projections';
import type { Commit, Generation, InMemoryDatabase, StoredDocument } from '@nestfold/core';
import type { Violation } from '../history/history.js';
import { judgeReadModel } from '../history/judge-read-side.js';
import type { Build, Scenario } from './scenario.js';

/** Judges what the database holds when all is quiet: one live generation of each version that runs, in it the fold of the log, and no stream that waits. */
export function judgeCluster(database: InMemoryDatabase, scenario: Scenario, builds: readonly Build[]): Violation[] {
  const commits = [...database.log].sort((one, other) => (one.time < other.time ? -1 : 1));
  return versionsOf(builds).flatMap((definition) => {
    const shown = liveOf(database, definition);
    if (typeof shown === 'string') return [broken('generations', `${definition.name}.${definition.version}`, shown)];
    return [...judgeModels(database, scenario, definition, shown, commits), ...judgeParked(database, shown)];
  });
}

/** What is left of generations that have ended, and of versions that nobody runs: a crash may leave it to the next process that starts. */
export function judgeLeftovers(database: InMemoryDatabase, builds: readonly Build[]): Violation[] {
  const { collections, checkpoints, parked, registry } = database;
  const versions = versionsOf(builds);
  const live = versions.map((one) => liveOf(database, one)).filter((one) => typeof one !== 'string');
  const named = new Set(live.flatMap((one) => Object.values(one.collections)));
  const isOwned = (key: string): boolean =>
    key.startsWith('handler:') || live.some(({ id }) => key === id || key.startsWith(`${id}/`));
  const isRun = (key: string): boolean => versions.some(({ name, version }) => key === `${name}.${version}`);
  return [
    ...[...collections.keys()].filter((name) => !named.has(name)).map((name) => `collection ${name}`),
    ...[...checkpoints.keys()].filter((key) => !isOwned(key)).map((key) => `checkpoint ${key}`),
    ...[...parked.values()].filter(({ consumer }) => !isOwned(consumer)).map(({ id }) => `parked stream ${id}`),
    ...[...registry.keys()].filter((key) => !isRun(key)).map((key) => `version ${key}`),
  ].map((what) => broken('generations', what, 'is left of what has ended'));
}

/** Each version of each projection that one of these builds has compiled. */
function versionsOf(builds: readonly Build[]): ProjectionDefinition[] {
  const all = builds.flatMap(({ projections }) => projections.map(projectionDefinitionOf));
  return [...new Map(all.map((one) => [`${one.name}.${one.version}`, one])).values()];
}

function broken(rule: Violation['rule'], subject: string, what: string): Violation {
  return { rule, subject, message: `${subject}: ${what}.` };
}

/** The only live generation; in words, why there is none. */
function liveOf(database: InMemoryDatabase, { name, version }: ProjectionDefinition): Generation | string {
  const all = [...database.generations.values()].filter((one) => one.projection === name && one.version === version);
  const entry = database.registry.get(`${name}.${version}`);
  if (entry?.paused !== undefined) return 'is paused';
  for (const [role, number] of [
    ['building', entry?.building],
    ['previous', entry?.previous],
  ] as const) {
    const open = all.find((one) => one.number === number);
    if (open !== undefined) return `number ${number} is still ${role}, and ${open.state}${whyOf(open)}`;
  }
  const live = all.filter(({ state }) => state === 'live');
  const [only] = live;
  if (only !== undefined && live.length === 1 && only.number === entry?.live) return only;
  return `not one live generation: ${all.map((one) => `${one.number} is ${one.state}${whyOf(one)}`).join(', ')}`;
}

const whyOf = ({ failure }: Generation): string => (failure ? ` (${failure.message})` : '');

function judgeModels(
  database: InMemoryDatabase,
  { models }: Scenario,
  { readModels, version }: ProjectionDefinition,
  live: Generation,
  commits: readonly Commit[],
): Violation[] {
  return models.flatMap(({ model, fold }) => {
    const { name } = readModelDefinitionOf(model);
    if (!readModels.some((one) => one.model === model)) return [];
    const stored: Iterable<StoredDocument> =
      database.collections.get(live.collections[name] ?? '')?.documents.values() ?? [];
    // Copies of what is named: adapters may note things beside it.
    const actual = new Map([...stored].map((document) => [document._id, Object.fromEntries(Object.entries(document))]));
    return judgeReadModel(`${live.id} ${name}`, fold(commits, version), actual);
  });
}

function judgeParked({ parked }: InMemoryDatabase, live: Generation): Violation[] {
  return [...parked.values()]
    .filter(({ consumer }) => consumer === live.id || consumer.startsWith('handler:'))
    .map(({ consumer, stream, applied, seen, error }) =>
      broken('settled', `${consumer} ${stream}`, `waits at ${applied} of ${seen}: ${error.message}`),
    );
}
