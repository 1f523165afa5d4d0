import { isInvalidMessage, type Ctor } from '@nestfold/core';
import { fieldRulesOf } from './class-rules.js';
import { declaredTypeProblems } from './declared-types.js';
import { synchronousViolations } from './rule-violations.js';
import { refuseUnfitStructure, type FieldProblem } from './structure.js';
import { typedInstance } from './typed-instance.js';

/**
 * For `@IntegrationEvent(name, { check: keepsRules })`: what arrives is to keep the rules of class-validator that stand on the class, be of the types that
 * its fields declare, and have no field without a rule. Rules that are asynchronous are passed over. Of a class without
 * any rule everything is refused.
 * @publicApi
 */
export function keepsRules(event: object): readonly string[] {
  // Not `event.constructor`: that may be a field of what was sent.
  const type = (Object.getPrototypeOf(event) as { constructor: Ctor<object> }).constructor;
  if (fieldRulesOf(type).length === 0) return [`${type.name} has no rules`];
  return problemsOf(type, { ...event }).map(({ message }) => message);
}

function problemsOf(event: Ctor<object>, data: object): readonly FieldProblem[] {
  try {
    refuseUnfitStructure(event.name, data);
    const instance = typedInstance(event, data);
    return [...declaredTypeProblems(instance), ...synchronousViolations(instance)];
  } catch (error) {
    if (isInvalidMessage(error)) return error.problems;
    throw error;
  }
}
