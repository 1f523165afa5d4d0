import { ValidateIf } from 'class-validator';

/** The field may be left out. Other than `IsOptional` of class-validator it does not let `null` through. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}
