const known = new WeakMap<object, boolean>([[Object.prototype, true]]);

/** Whether an object is a plain one, or of a class that has nothing but fields: then nothing is lost with its class. */
export function isDataClass(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || isDataPrototype(prototype);
}

function isDataPrototype(prototype: object): boolean {
  const answer = known.get(prototype) ?? judge(prototype);
  known.set(prototype, answer);
  return answer;
}

function judge(prototype: object): boolean {
  const base = Object.getPrototypeOf(prototype) as object | null;
  // The root of another realm's objects (a test runner's, a vm's) is not this realm's `Object.prototype`.
  if (base === null && Object.hasOwn(prototype, 'hasOwnProperty')) return true;
  if (Reflect.ownKeys(prototype).some((key) => key !== 'constructor')) return false;
  return base === null || isDataPrototype(base);
}
