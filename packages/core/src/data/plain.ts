import type { AnyFunction } from './type.js';
import type { Decimal } from './decimal.js';

type Primitive = string | number | boolean | null | undefined | Date | Decimal;

/** What survives storage: JSON values, `Date` and `Decimal`; a value with methods maps to `never`. */
export type Plain<T> = T extends Primitive
  ? T
  : T extends AnyFunction
    ? never
    : T extends readonly (infer U)[]
      ? readonly Plain<U>[]
      : T extends object
        ? { [K in keyof T]: Plain<T[K]> }
        : never;

/** The fields of `T` that would lose their class when stored. */
export type NonPlain<T> = { [K in keyof T]-?: [T[K]] extends [Plain<T[K]>] ? never : K }[keyof T];
