import type { Ctor } from '@nestfold/core';
import { fieldRulesOf, type FieldRule } from './class-rules.js';
import type { FieldProblem } from './structure.js';

/**
 * Compares values with the types that their fields were declared with, which rules alone do not: `@IsNotEmpty() name: string`
 * lets an object through, `@ValidateNested({ each: true }) lines: Line[]` a single line, a list of lists, or none at all.
 */
export function declaredTypeProblems(value: object, path = ''): FieldProblem[] {
  const rules = fieldRulesOf(value.constructor as Ctor<object>);
  return rules.flatMap((rule) => {
    const field = (value as Record<string, unknown>)[rule.name];
    const at = path === '' ? rule.name : `${path}.${rule.name}`;
    if (field !== undefined && field !== null) return fieldProblems(field, rule, at);
    // @IsOptional or @ValidateIf say that it may be missing.
    return rule.onlyNested ? [{ path: at, message: `${at} must be given` }] : [];
  });
}

function fieldProblems(value: unknown, { declared, nested }: FieldRule, path: string): FieldProblem[] {
  const expected = misfit(value, declared);
  if (expected !== undefined) return [{ path, message: `${path} must be ${expected}` }];
  if (!nested) return [];
  if (!Array.isArray(value)) return nestedProblems(value, path);
  // The declared type is a class of its own, or a union that may be a list.
  if (declared !== Array && declared !== Object && declared !== undefined)
    return [{ path, message: `${path} must be an object` }];
  return value.flatMap((item, index) => nestedProblems(item, `${path}[${index}]`));
}

function nestedProblems(value: unknown, path: string): FieldProblem[] {
  if (value instanceof Set || value instanceof Map) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ path, message: `${path} must be an object` }];
  return declaredTypeProblems(value, path);
}

/** What a value should be, in words, where it is not of the declared type. */
function misfit(value: unknown, declared: unknown): string | undefined {
  switch (declared) {
    case String:
      return typeof value === 'string' ? undefined : 'a text';
    case Number:
      return typeof value === 'number' && Number.isFinite(value) ? undefined : 'a finite number';
    case Boolean:
      return typeof value === 'boolean' ? undefined : 'true or false';
    case Array:
      return Array.isArray(value) ? undefined : 'a list';
    case Date:
      return value instanceof Date && !Number.isNaN(value.getTime()) ? undefined : 'a valid date';
    default:
      return undefined;
  }
}
