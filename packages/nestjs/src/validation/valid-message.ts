import { InvalidMessage, type Ctor } from '@nestfold/core';
import { fieldRulesOf } from './class-rules.js';
import { declaredTypeProblems } from './declared-types.js';
import { ruleViolations } from './rule-violations.js';
import type { FieldProblem } from './structure.js';
import { typedInstance } from './typed-instance.js';

const MAX_PROBLEMS = 100;

/**
 * A command or query that keeps the rules of its class, its parts being of the classes that they declare. A class without any rule
 * is taken as it is: it speaks to this process only. Throws `InvalidMessage` with everything that is wrong.
 */
export async function validMessage(type: Ctor<object>, message: object): Promise<object> {
  return fieldRulesOf(type).length === 0 ? message : validInstance(type, message, type.name);
}

/** An instance of a class, made of data from outside, that keeps its rules. Throws `InvalidMessage`, also where the class has no rules at all. */
export async function validInstance<T extends object>(type: Ctor<T>, data: object, name: string): Promise<T> {
  const instance = typedInstance(type, data);
  const problems = await problemsOf(instance);
  if (problems.length > 0) throw new InvalidMessage(name, problems.slice(0, MAX_PROBLEMS));
  return instance;
}

async function problemsOf(instance: object): Promise<FieldProblem[]> {
  const misfits = declaredTypeProblems(instance);
  try {
    const violations = await ruleViolations(instance);
    const told = new Set(violations.map(({ path }) => path));
    return [...violations, ...misfits.filter(({ path }) => !told.has(path))];
  } catch (error) {
    // A rule that cannot bear a value of the wrong type: that type is what is wrong. Otherwise the rule is.
    if (misfits.length > 0) return misfits;
    throw error;
  }
}
