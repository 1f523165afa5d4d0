import 'reflect-metadata';
import type { Ctor } from '@nestfold/core';

/** What can be injected for a class. */
export type InjectionKind = 'repository' | 'read-model';

/**
 * The token of a class's repository or read model. It stands on the class itself, so that two classes of one name do not
 * share one; its text is what Nest's own messages show.
 */
export function injectionTokenOf(kind: InjectionKind, target: Ctor<object>): symbol {
  const key = `nestfold:${kind}-token`;
  const known = Reflect.getOwnMetadata(key, target) as symbol | undefined;
  if (known !== undefined) return known;
  const token = Symbol(kind === 'repository' ? `Repository<${target.name}>` : `ReadModel<${target.name}>`);
  Reflect.defineMetadata(key, token, target);
  return token;
}

/** A constructor parameter that asks for a repository or a read model. */
export interface InjectedParameter {
  readonly kind: InjectionKind;
  /** Unknown: a cycle of imports makes it `undefined`. */
  readonly of: unknown;
  readonly index: number;
}

const PARAMETERS = 'nestfold:injected-parameters';

/** Notes a parameter on the class that it belongs to, so that the start can check it. */
export function noteInjectedParameter(owner: object, parameter: InjectedParameter): void {
  const others = (Reflect.getOwnMetadata(PARAMETERS, owner) ?? []) as readonly InjectedParameter[];
  Reflect.defineMetadata(PARAMETERS, [...others, parameter], owner);
}

/** The noted parameters of a class; those of its base too where it has no constructor of its own. */
export function injectedParametersOf(owner: object): readonly InjectedParameter[] {
  const parameters = (Reflect.getMetadata(PARAMETERS, owner) ?? []) as readonly InjectedParameter[];
  // Decorators of parameters run from the last to the first.
  return [...parameters].sort((a, b) => a.index - b.index);
}
