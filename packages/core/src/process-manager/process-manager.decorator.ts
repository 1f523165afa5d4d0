import type { Command } from '../command/command.js';
import type { Ctor, Type } from '../data/type.js';
import { appendOwnMetadata, inheritedMetadata, ownMetadata, writeOwnMetadata } from '../metadata/own-metadata.js';
import type { Effect, Process } from './process.js';

const MANAGER = 'nestfold:process-manager';
const STARTS = 'nestfold:process-starts';
const COMPENSATIONS = 'nestfold:process-compensations';

/** What `@ProcessManager` says. */
export interface ProcessManagerOptions<S> {
  /** Rises when the stored state's shape changes. */
  readonly version: number;
  readonly state: Type<S>;
}

/** What the decorator wrote, not yet checked. @internal */
export interface ProcessManagerDeclaration extends ProcessManagerOptions<object> {
  readonly name: string;
}

/** An event that begins a process. */
export interface ProcessStart {
  readonly event: Ctor<object>;
  /** The process's id, from the event. */
  readonly id: (event: object) => string;
  readonly method: string | symbol;
}

/** How a step is undone. */
export interface Compensation {
  readonly step: string;
  readonly method: string | symbol;
}

// `any` in this file: parameters and type arguments that must accept every process, whatever its state.
/* eslint-disable @typescript-eslint/no-explicit-any */
type ForeignState<I, S> = {
  [K in keyof I]: I[K] extends (...args: infer A) => any
    ? Extract<A[number], Process<any>> extends Process<infer X>
      ? [S] extends [X]
        ? never
        : K
      : never
    : never;
}[keyof I];

/**
 * Makes a class a process manager: coordination over time, whose methods answer effects. It is pure and takes no dependencies.
 * Methods that take a process of another state are refused by type.
 *
 * @example `@ProcessManager('fulfilment', { version: 1, state: FulfilmentState }) class Fulfilment { … }`
 * @publicApi
 */
export function ProcessManager<S>(
  name: string,
  options: ProcessManagerOptions<S>,
): <C extends new () => object>(
  target: [ForeignState<InstanceType<C>, S>] extends [never]
    ? C
    : `method '${ForeignState<InstanceType<C>, S> & string}' declares another state`,
) => void {
  // The conditional type is a class whenever it compiles.
  return (target) => writeOwnMetadata(target as unknown as Ctor<object>, MANAGER, { ...options, name });
}

/** Begins a process with an event; one that has begun under this id already is not begun again. @publicApi */
export function StartOn<E extends object>(
  event: Ctor<E>,
  options: { readonly id: (event: NoInfer<E>) => string },
): <M extends (event: E, process: any) => Effect | readonly Effect[]>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void {
  return (target, method) =>
    appendOwnMetadata(target.constructor as Ctor<object>, STARTS, {
      event,
      id: options.id as ProcessStart['id'],
      method,
    } satisfies ProcessStart);
}

/**
 * Undoes a completed step. The command is built when it is needed, from the state: what it must name (a payment's id)
 * exists only by then.
 * @publicApi
 */
export function Compensate(
  step: string,
): <M extends (process: any) => Command<any>>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void {
  return (target, method) =>
    appendOwnMetadata(target.constructor as Ctor<object>, COMPENSATIONS, { step, method } satisfies Compensation);
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/** What the decorators wrote on a class and its methods, not yet checked. @internal */
export function processDeclarationsOf(manager: Ctor<object>): {
  readonly declaration: ProcessManagerDeclaration | undefined;
  readonly starts: readonly ProcessStart[];
  readonly compensations: readonly Compensation[];
} {
  return {
    declaration: ownMetadata<ProcessManagerDeclaration>(manager, MANAGER),
    starts: inheritedMetadata<ProcessStart>(manager, STARTS),
    compensations: inheritedMetadata<Compensation>(manager, COMPENSATIONS),
  };
}
