import { plainToInstance, type ClassConstructor } from 'class-transformer';
import type { Ctor } from '@nestfold/core';
import { fieldRulesOf } from '../validation/class-rules.js';
import type { ProblemList } from './problem-list.js';

const BUILT_IN = new Set<unknown>([String, Number, Boolean, Array, Object, Date, Map, Set, Promise, undefined]);

/** What would let fields of messages pass unchecked: parts whose rules are not asked, or whose class is not known. */
export function messageRuleProblems(messages: readonly Ctor<object>[], problems: ProblemList): void {
  const seen = new Set<Ctor<object>>();
  for (const message of messages) inspect(message, seen, problems);
}

function inspect(type: Ctor<object>, seen: Set<Ctor<object>>, problems: ProblemList): void {
  if (seen.has(type)) return;
  seen.add(type);
  for (const { name, declared, nested } of fieldRulesOf(type)) {
    const where = `${type.name}.${name}`;
    const part = nested ? typeOf(type, name) : undefined;
    if (nested && part === undefined) {
      problems.add(
        `${where} bears @ValidateNested without @Type(() => …), so its values would have no class and no rules: add it.`,
      );
    } else if (part !== undefined) {
      inspect(part, seen, problems);
    } else if (!BUILT_IN.has(declared) && fieldRulesOf(declared as Ctor<object>).length > 0) {
      problems.add(
        `${where} is a ${(declared as Ctor<object>).name}, whose rules are not asked: add @ValidateNested() and @Type(() => ${(declared as Ctor<object>).name}).`,
      );
    }
  }
}

/** The class that `@Type` gives a field, found by trying: class-transformer does not tell. */
function typeOf(type: Ctor<object>, field: string): Ctor<object> | undefined {
  try {
    const probe = plainToInstance(type as unknown as ClassConstructor<Record<string, unknown>>, { [field]: {} });
    const part: unknown = probe[field]?.constructor;
    return typeof part === 'function' && part !== Object ? (part as Ctor<object>) : undefined;
  } catch {
    // A @Transform that wants a real value makes the part itself.
    return Map;
  }
}
