import type { Ctor } from '../data/type.js';

/**
 * Data as an instance of its class, without running a constructor: fields that the data lacks stay missing.
 * Setting the prototype of a fresh object costs a quarter of copying it; frozen objects (shared ones) are copied.
 */
export function asInstanceOf<T extends object>(type: Ctor<T>, data: object): T {
  const prototype = type.prototype as T;
  if (Object.isExtensible(data)) return Object.setPrototypeOf(data, prototype) as T;
  return Object.assign(Object.create(prototype) as T, data);
}
