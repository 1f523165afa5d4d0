import type { Ctor, Type } from '../data/type.js';
import { ConfigurationError } from '../error/configuration.error.js';
import { findEventDefinition, undecorated } from '../event/domain-event.decorator.js';
import { methodProblems } from '../metadata/method-problems.js';
import {
  processDeclarationsOf,
  type Compensation,
  type ProcessManagerDeclaration,
  type ProcessStart,
} from './process-manager.decorator.js';

/** A checked process manager class. */
export interface ProcessManagerDefinition {
  readonly name: string;
  readonly version: number;
  readonly manager: Type<object>;
  readonly state: Type<object>;
  readonly starts: readonly ProcessStart[];
  /** The method that undoes each step, by the step's name. */
  readonly compensations: ReadonlyMap<string, string | symbol>;
}

/** Whether a class bears `@ProcessManager`. */
export function isProcessManager(target: Ctor<object>): boolean {
  return processDeclarationsOf(target).declaration !== undefined;
}

/**
 * The definition of a process manager class. Throws one `ConfigurationError` that lists everything wrong: no
 * `@ProcessManager`, no `@StartOn`, an event without `@DomainEvent`, an event or a step that has two methods, a method that
 * is asynchronous or takes another event's class.
 */
export function processManagerDefinitionOf(manager: Ctor<object>): ProcessManagerDefinition {
  const { declaration, starts, compensations } = processDeclarationsOf(manager);
  if (declaration === undefined) {
    throw new ConfigurationError(
      `${manager.name} is used as a process manager but has no @ProcessManager: add @ProcessManager('<name>', { version: 1, state: … }) above the class.`,
    );
  }
  const problems = [
    ...declarationProblems(manager, declaration, starts),
    ...startProblems(manager, starts),
    ...compensationProblems(manager, compensations),
  ];
  if (problems.length > 0) throw ConfigurationError.of(problems);
  return {
    name: declaration.name,
    version: declaration.version,
    manager: manager as Type<object>,
    state: declaration.state,
    starts,
    compensations: new Map(compensations.map(({ step, method }) => [step, method])),
  };
}

function declarationProblems(
  manager: Ctor<object>,
  { name, version }: ProcessManagerDeclaration,
  starts: readonly ProcessStart[],
): string[] {
  const problems: string[] = [];
  if (!NAME.test(name))
    problems.push(
      `${manager.name} is named '${name}' in @ProcessManager: use letters, digits, '-' and '_', starting with a letter.`,
    );
  if (!Number.isSafeInteger(version) || version < 1)
    problems.push(`${manager.name} has version ${version} in @ProcessManager: use a whole number from 1.`);
  if (starts.length === 0) problems.push(`${manager.name} never begins: add @StartOn(<Event>, { id: … }) to a method.`);
  return problems;
}

const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

function startProblems(manager: Ctor<object>, starts: readonly ProcessStart[]): string[] {
  return starts.flatMap(({ event, method }, index) => {
    const other = starts.slice(0, index).find((start) => start.event === event && start.method !== method);
    return [
      ...(findEventDefinition(event) === undefined ? [`${manager.name}: ${undecorated(event)}`] : []),
      ...(other
        ? [`${manager.name}.${String(method)} and ${String(other.method)} both start on ${event.name}: keep one.`]
        : []),
      ...methodProblems(
        manager,
        method,
        `@StartOn(${event.name})`,
        starts.filter((start) => start.method === method).map((start) => start.event),
        (type) => findEventDefinition(type) !== undefined,
      ),
    ];
  });
}

function compensationProblems(manager: Ctor<object>, compensations: readonly Compensation[]): string[] {
  return compensations.flatMap(({ step, method }, index) => {
    const other = compensations.slice(0, index).find((one) => one.step === step && one.method !== method);
    return other
      ? [`${manager.name}.${String(method)} and ${String(other.method)} both compensate '${step}': keep one.`]
      : [];
  });
}
