/**
 * Whether an object is looked into: an array, a plain object, or an instance of a class that has nothing but fields. What has
 * methods (a `Decimal`, a `Date`, a `Map`) is a value of its own and passes as it is.
 */
export function isPlainLike(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  for (
    let prototype: unknown = Object.getPrototypeOf(value);
    isObject(prototype) && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    if (Reflect.ownKeys(prototype).some((key) => key !== 'constructor')) return false;
  }
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
