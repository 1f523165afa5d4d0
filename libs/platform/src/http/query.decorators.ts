import { applyDecorators } from '@nestjs/common';
import { Optional } from '@shop/contracts';
import { Transform } from 'class-transformer';
import { IsBoolean, IsDate, IsInt, Matches, Max, Min, ValidateBy } from 'class-validator';

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

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * A day (`2026-01-31`, in UTC) or a moment (`2026-01-31T10:00:00Z`) in a query string. A day means its beginning, or with
 * `end` its last millisecond.
 */
export function QueryMoment({ end = false }: { readonly end?: boolean } = {}): PropertyDecorator {
  return applyDecorators(
    Optional(),
    Transform(({ value }: { value: unknown }) => {
      if (isDay(value)) return new Date(`${value}T${end ? '23:59:59.999' : '00:00:00.000'}Z`);
      return typeof value === 'string' && MOMENT.test(value) ? new Date(value) : value;
    }),
    IsDate({ message: '$property must be a day such as 2026-01-31, or a moment such as 2026-01-31T10:00:00Z' }),
  );
}

/** A day of the calendar in a query string, which stays text: `2026-01-31`. */
export function QueryDay(): PropertyDecorator {
  return ValidateBy({
    name: 'isDay',
    validator: { validate: isDay, defaultMessage: () => '$property must be a day of the calendar such as 2026-01-31' },
  });
}

/** JavaScript takes the 31st of February for the 3rd of March, so the day must come back as it was. */
function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !DAY.test(value)) return false;
  const moment = new Date(`${value}T00:00:00.000Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(value);
}

/** An amount in a query string, as text. */
export function QueryAmount(): PropertyDecorator {
  return applyDecorators(
    Optional(),
    Matches(/^\d{1,12}(\.\d{1,2})?$/, { message: '$property must be a decimal number such as 12.50' }),
  );
}
