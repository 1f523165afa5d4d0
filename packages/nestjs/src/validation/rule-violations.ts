import { validate, validateSync, type ValidationError, type ValidatorOptions } from 'class-validator';
import type { FieldProblem } from './structure.js';

const STRICT: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { target: false, value: false },
};

/** What class-validator says of an instance, flat and with paths such as `lines[0].quantity`. Fields without rules are refused. */
export async function ruleViolations(instance: object): Promise<FieldProblem[]> {
  const errors = await validate(instance, STRICT);
  return errors.flatMap((error) => flatten(error, ''));
}

/** The same without rules that are asynchronous, which are passed over. */
export function synchronousViolations(instance: object): FieldProblem[] {
  return validateSync(instance, STRICT).flatMap((error) => flatten(error, ''));
}

function flatten({ property, constraints, children }: ValidationError, path: string): FieldProblem[] {
  // Without a property the error speaks of the object itself.
  const at = property === undefined ? path : join(path, property);
  const own = Object.values(constraints ?? {}).map((message) => ({ path: at, message }));
  return [...own, ...(children ?? []).flatMap((child) => flatten(child, at))];
}

function join(path: string, property: string): string {
  if (/^\d+$/.test(property)) return `${path}[${property}]`;
  return path === '' ? property : `${path}.${property}`;
}
