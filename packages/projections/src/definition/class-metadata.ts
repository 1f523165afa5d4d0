import 'reflect-metadata';
import type { Ctor } from '@nestfold/core';

/** What a decorator wrote on this very class. Nothing is inherited, and there is no registry. */
export function metadataOf<T>(target: Ctor<object>, key: string): T | undefined {
  return Reflect.getOwnMetadata(key, target) as T | undefined;
}

/** Writes on the class itself. */
export function writeMetadata(target: Ctor<object>, key: string, value: unknown): void {
  Reflect.defineMetadata(key, value, target);
}

/** The class of a method's first parameter as the compiler emitted it: `Object` for unions and interfaces. */
export function firstParameterOf(target: Ctor<object>, method: string | symbol): unknown {
  const types = Reflect.getMetadata('design:paramtypes', target.prototype as object, method) as
    readonly unknown[] | undefined;
  return types?.[0];
}
