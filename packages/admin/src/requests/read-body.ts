import { InvalidMessage } from '@nestfold/core';

/** A whole number that a body may hold. */
export interface WholeNumber {
  readonly min: number;
  readonly max: number;
}

/**
 * Reads a body of optional whole numbers; none at all is as an empty one. Throws `InvalidMessage` with everything that is wrong, fields that nobody reads
 * included: a typing error would silently do something else.
 */
export function readBody<F extends string>(
  body: unknown,
  fields: Readonly<Record<F, WholeNumber>>,
): { readonly [K in F]?: number } {
  if (body === undefined) return {};
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new InvalidMessage('The body', [{ path: '', message: 'the body must be an object' }]);
  const problems = Object.entries(body).flatMap(([path, value]) => {
    if (!Object.hasOwn(fields, path)) return [{ path: path.slice(0, 40), message: 'there is no such field' }];
    const { min, max } = fields[path as F];
    const fits = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
    return fits ? [] : [{ path, message: `${path} must be a whole number from ${min} to ${max}` }];
  });
  if (problems.length > 0) throw new InvalidMessage('The body', problems.slice(0, 20));
  return body;
}
