import 'reflect-metadata';
import type { Ctor } from '../data/type.js';

/**
 * Reads what a decorator wrote on this very class; what it wrote on a base class is not inherited. Text keys, since two
 * copies of this package may be loaded and must understand each other.
 */
export function ownMetadata<T>(target: Ctor<object>, key: string): T | undefined {
  return Reflect.getOwnMetadata(key, target) as T | undefined;
}

/** Writes on the class itself: there is no registry, so a class that nobody names takes part in nothing. */
export function writeOwnMetadata(target: Ctor<object>, key: string, value: unknown): void {
  Reflect.defineMetadata(key, value, target);
}

/** Adds to a list that stands on the class, in the order in which the decorators ran. */
export function appendOwnMetadata<T>(target: Ctor<object>, key: string, item: T): void {
  writeOwnMetadata(target, key, [...(ownMetadata<readonly T[]>(target, key) ?? []), item]);
}

/** The lists of a class and of its bases, base first. */
export function inheritedMetadata<T>(target: Ctor<object>, key: string): T[] {
  const base: unknown = Object.getPrototypeOf(target);
  const inherited =
    typeof base === 'function' && base !== Function.prototype ? inheritedMetadata<T>(base as Ctor<object>, key) : [];
  return [...inherited, ...(ownMetadata<readonly T[]>(target, key) ?? [])];
}

/** The classes of a method's parameters as the compiler emitted them; `undefined` where nothing was emitted. */
export function parameterTypes(target: Ctor<object>, method: string | symbol): readonly unknown[] | undefined {
  return Reflect.getMetadata('design:paramtypes', target.prototype as object, method) as readonly unknown[] | undefined;
}
