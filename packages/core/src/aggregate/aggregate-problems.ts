import { Command } from '../command/command.js';
import type { Ctor, Type } from '../data/type.js';
import { findEventDefinition, undecorated } from '../event/domain-event.decorator.js';
import { assertPlain } from '../event/plain-data.js';
import { methodProblems } from '../metadata/method-problems.js';
import { categoryProblem } from '../stream/stream-name.js';
import { AggregateRoot } from './aggregate-root.js';
import type { AggregateDeclaration } from './aggregate.decorator.js';
import type { ApplierDeclaration } from './apply.decorator.js';
import type { HandleDefinition } from './handle.decorator.js';

/** Everything that is wrong with an aggregate class, each with its remedy. */
export function aggregateProblems(
  aggregate: Type<object>,
  declaration: AggregateDeclaration,
  appliers: readonly ApplierDeclaration[],
  handles: readonly HandleDefinition[],
): string[] {
  return [
    ...classProblems(aggregate, declaration),
    ...eventProblems(aggregate, declaration),
    ...applierProblems(aggregate, declaration, appliers),
    ...handleProblems(aggregate, handles),
  ];
}

function classProblems(
  aggregate: Type<object>,
  { category, state, snapshotEvery, stateRevision }: AggregateDeclaration,
): string[] {
  const problems: string[] = [];
  const { name } = aggregate;
  const unfit = categoryProblem(category);
  if (unfit !== undefined) problems.push(`${name}: ${unfit}`);
  if (category.startsWith('$'))
    problems.push(`${name}: categories beginning with '$' are the system's, so '${category}' needs another name.`);
  if (!(aggregate.prototype instanceof AggregateRoot))
    problems.push(
      `${name} bears @Aggregate but does not extend AggregateRoot: let it extend AggregateRoot<${state.name}>.`,
    );
  if (snapshotEvery !== undefined && !(Number.isSafeInteger(snapshotEvery) && snapshotEvery >= 1)) {
    problems.push(`${name} has snapshotEvery ${snapshotEvery}: use a whole number from 1, or leave it out.`);
  }
  if (snapshotEvery !== undefined) problems.push(...snapshotProblems(name, state));
  if (stateRevision !== undefined && !(Number.isSafeInteger(stateRevision) && stateRevision >= 1)) {
    problems.push(`${name} has stateRevision ${stateRevision}: use a whole number from 1, or leave it out.`);
  }
  return problems;
}

function snapshotProblems(name: string, state: Type<object>): string[] {
  try {
    assertPlain({ ...new state() });
    return [];
  } catch (error) {
    return [
      `${name} keeps snapshots, but its ${state.name} is not plain data: ${(error as Error).message} Use plain objects and arrays, or leave snapshotEvery out.`,
    ];
  }
}

function eventProblems(aggregate: Type<object>, { events }: AggregateDeclaration): string[] {
  const problems: string[] = [];
  const byName = new Map<string, Ctor<object>>();
  for (const event of new Set(events)) {
    const definition = findEventDefinition(event);
    if (definition === undefined) {
      problems.push(`${aggregate.name}: ${undecorated(event)}`);
      continue;
    }
    if (definition.isIntegration === true)
      problems.push(
        `${aggregate.name} lists ${event.name}, which is an integration event: store a domain event, and make the other of it in a class with @Publishes.`,
      );
    const twin = byName.get(definition.name);
    if (twin !== undefined)
      problems.push(
        `${aggregate.name} lists ${twin.name} and ${event.name}, both named '${definition.name}': give one of them another name in @DomainEvent.`,
      );
    byName.set(definition.name, event);
  }
  return problems;
}

function applierProblems(
  aggregate: Type<object>,
  { events }: AggregateDeclaration,
  appliers: readonly ApplierDeclaration[],
): string[] {
  const problems: string[] = [];
  const methods = new Map<Ctor<object>, string | symbol>();
  for (const { event, method } of appliers) {
    const where = `${aggregate.name}.${String(method)}`;
    const other = methods.get(event);
    if (!events.includes(event))
      problems.push(
        `${where} applies ${event.name}, which @Aggregate does not list: add it to events, or remove the method.`,
      );
    // The same method again is an override of a base class's.
    if (other !== undefined && other !== method)
      problems.push(`${where} and ${String(other)} both apply ${event.name}: keep one.`);
    methods.set(event, method);
    problems.push(
      ...methodProblems(
        aggregate,
        method,
        `@Apply(${event.name})`,
        appliers.filter((one) => one.method === method).map((one) => one.event),
        isEvent,
      ),
    );
  }
  return problems;
}

function handleProblems(aggregate: Type<object>, handles: readonly HandleDefinition[]): string[] {
  const problems: string[] = [];
  const methods = new Map<Ctor<object>, string | symbol>();
  for (const { command, method } of handles) {
    const other = methods.get(command);
    if (other !== undefined && other !== method)
      problems.push(`${aggregate.name}.${String(method)} and ${String(other)} both handle ${command.name}: keep one.`);
    methods.set(command, method);
    problems.push(
      ...methodProblems(
        aggregate,
        method,
        `@Handle(${command.name})`,
        handles.filter((one) => one.method === method).map((one) => one.command),
        isCommand,
      ),
    );
  }
  return problems;
}

const isEvent = (type: Ctor<object>): boolean => findEventDefinition(type) !== undefined;
const isCommand = (type: Ctor<object>): boolean => type.prototype instanceof Command;
