import { applyDecorators } from '@nestjs/common';
import { Optional } from '@shop/contracts';
import { Transform } from 'class-transformer';
import { IsBoolean, IsDate, IsInt, Matches, Max, Min } from 'class-validator';

/** A whole number in a query string; what is no such number stays text, and is refused as such. */
export function QueryInteger({ min, max }: { readonly min: number; readonly max: number }): PropertyDecorator {
  return applyDecorators(
    Optional(),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
    ),
    IsInt(),
    Min(min),
    Max(max),
  );
}

/** `true` or `false` in a query string. */
export function QueryFlag(): PropertyDecorator {
  const flags: Record<string, boolean> = { true: true, false: false };
  return applyDecorators(
    Optional(),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (flags[value] ?? value) : value)),
    IsBoolean(),
  );
}

const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** A day (`2026-01-31`, its beginning in UTC) or a moment (`2026-01-31T10:00:00Z`) in a query string. */
export function QueryMoment(): PropertyDecorator {
  return applyDecorators(
    Optional(),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && MOMENT.test(value) ? new Date(value) : value,
    ),
    IsDate({ message: '$property must be a day such as 2026-01-31, or a moment such as 2026-01-31T10:00:00Z' }),
  );
}

/** An amount in a query string, as text. */
export function QueryAmount(): PropertyDecorator {
  return applyDecorators(
    Optional(),
    Matches(/^\d{1,12}(\.\d{1,2})?$/, { message: '$property must be a decimal number such as 12.50' }),
  );
}
