import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { InvalidMessage, type Ctor } from '@nestfold/core';
import { isPlainLike } from './plain-like.js';

interface Detached {
  readonly path: readonly string[];
  readonly value: object;
}

/**
 * A copy of a message in which every object has the class that `@Type` gives it, so that the rules of that class are seen. Values
 * with methods of their own (a `Decimal`) are handed through as they are: class-transformer would take them apart.
 */
export function typedInstance<T extends object>(type: Ctor<T>, value: object): T {
  const detached: Detached[] = [];
  const plain = detach(value, [], detached) as object;
  const instance = transform(type, plain);
  for (const one of detached) attach(instance, one);
  return instance;
}

function transform<T extends object>(type: Ctor<T>, plain: object): T {
  try {
    return plainToInstance(type as unknown as ClassConstructor<T>, plain);
  } catch (cause) {
    // A @Transform that takes a text for granted, or a number made of an object: the message is what is wrong.
    const error = new InvalidMessage(type.name, [{ path: '', message: 'a field has a value of the wrong type' }]);
    throw Object.assign(error, { cause });
  }
}

function detach(value: unknown, path: readonly string[], detached: Detached[]): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (!isPlainLike(value)) {
    detached.push({ path, value });
    return undefined;
  }
  if (Array.isArray(value)) return value.map((item, index) => detach(item, [...path, String(index)], detached));
  const fields = Object.entries(value).filter(([, field]) => typeof field !== 'function');
  return Object.fromEntries(fields.map(([key, field]) => [key, detach(field, [...path, key], detached)]));
}

function attach(instance: object, { path, value }: Detached): void {
  let target: unknown = instance;
  for (const key of path.slice(0, -1)) target = (target as Record<string, unknown> | undefined)?.[key];
  const last = path.at(-1);
  if (typeof target === 'object' && target !== null && last !== undefined)
    (target as Record<string, unknown>)[last] = value;
}
