/** A port of which some methods are replaced; the others are those of the port itself. */
export function altered<T extends object>(port: T, changes: Partial<T>): T {
  return new Proxy(port, {
    get: (target, key) => {
      if (Object.hasOwn(changes, key)) return changes[key as keyof T];
      const member: unknown = Reflect.get(target, key);
      return typeof member === 'function' ? (member as (...args: unknown[]) => unknown).bind(target) : member;
    },
  });
}
