import { getMetadataStorage } from 'class-validator';
import type { Ctor } from '@nestfold/core';

/** A field with rules. */
export interface FieldRule {
  readonly name: string;
  /** The class that the compiler emitted for the field: `Object` for unions and interfaces, `undefined` where nothing was emitted. */
  readonly declared: unknown;
  /** Whether the rules of the values' own classes are asked too (`@ValidateNested`). */
  readonly nested: boolean;
  /** Whether nothing but `@ValidateNested` stands on the field: that rule passes where there is no value. */
  readonly onlyNested: boolean;
}

const NESTED = 'nestedValidation';
const ALLOWED = 'whitelistValidation';
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
  return names.map((name) => {
    const types = metadata.filter((one) => one.propertyName === name).map((one) => one.type);
    return {
      name,
      declared: Reflect.getMetadata('design:type', type.prototype as object, name) as unknown,
      nested: types.includes(NESTED),
      onlyNested: types.includes(NESTED) && types.every((one) => one === NESTED || one === ALLOWED),
    };
  });
}
