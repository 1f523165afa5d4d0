import { ConfigurationError, isConfigurationError } from '@nestfold/core';

/** Collects what is wrong, so that one start shows all of it. */
export class ProblemList {
  private readonly found = new Set<string>();

  add(...problems: readonly string[]): void {
    for (const problem of problems) this.found.add(problem);
  }

  /** What `make` answers; `undefined` when it throws a `ConfigurationError`, whose problems are noted. */
  attempt<T>(make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!isConfigurationError(error)) throw error;
      const { problems } = error.details as { problems?: readonly string[] };
      this.add(...(problems ?? [error.message]));
      return undefined;
    }
  }

  throwIfAny(): void {
    if (this.found.size > 0) throw ConfigurationError.of([...this.found]);
  }
}

/** Calls `tell` for each key that several items share, with those items. */
export function forEachShared<T, K>(
  items: readonly T[],
  key: (item: T) => K,
  tell: (key: K, items: readonly T[]) => void,
): void {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  for (const [shared, group] of groups) if (group.length > 1) tell(shared, group);
}
