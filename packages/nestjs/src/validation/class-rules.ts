import { getMetadataStorage } from 'class-validator';
import type { Ctor } from '@nestfold/core';

/** A field with rules. */
export interface FieldRule {
  readonly name: string;
  /** The class that the compiler emitted for the field: `Object` for unions and interfaces, `undefined` where nothing was emitted. */
  readonly declared: unknown;
  /** Whether the rules of the values' own classes are asked too (`@ValidateNested`). */
  readonly nested: boolean;
}

const NESTED = 'nestedValidation';
const known = new WeakMap<object, readonly FieldRule[]>();

/** The fields of a class that bear rules of class-validator, its bases' included; empty for a class without any. */
export function fieldRulesOf(type: Ctor<object>): readonly FieldRule[] {
  const rules = known.get(type) ?? readRules(type);
  known.set(type, rules);
  return rules;
}

function readRules(type: Ctor<object>): FieldRule[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const names = [...new Set(metadata.map(({ propertyName }) => propertyName))];
  return names.map((name) => ({
    name,
    declared: Reflect.getMetadata('design:type', type.prototype as object, name) as unknown,
    nested: metadata.some((one) => one.propertyName === name && one.type === NESTED),
  }));
}
