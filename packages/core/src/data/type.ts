/** A class that can be created without arguments: events, states, commands, projections. */
export type Type<T> = new () => T;

/** Any class of instances `T`, abstract ones included. */
// `any[]` is needed: parameters are contravariant, so no other list accepts every constructor.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Ctor<T> = abstract new (...args: any[]) => T;

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyFunction = (...args: any[]) => unknown;

/** The own data of a class: its methods dropped. */
export type Data<T> = { [K in keyof T as T[K] extends AnyFunction ? never : K]: T[K] };
