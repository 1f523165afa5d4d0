import { InvalidMessage } from '@nestfold/core';
import { ValidationPipe, type ValidationError } from '@nestjs/common';

type Problem = InvalidMessage['problems'][number];

/** The pipe before every route: unknown fields are refused, and all that is wrong is told at once. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new InvalidMessage('The request', errors.flatMap((error) => problemsOf(error, ''))),
  });
}

function problemsOf({ property, constraints, children }: ValidationError, above: string): Problem[] {
  const path = above === '' ? property : `${above}.${property}`;
  const own = Object.values(constraints ?? {}).map((message) => ({ path, message }));
  return [...own, ...(children ?? []).flatMap((child) => problemsOf(child, path))];
}
