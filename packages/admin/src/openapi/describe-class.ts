import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';

/** Describes all fields of an answer from outside of its class, which works without `@nestjs/swagger`. */
export function describeClass<T extends object>(
  type: new () => T,
  fields: { readonly [K in keyof T]-?: ApiPropertyOptions },
): void {
  for (const [field, options] of Object.entries<ApiPropertyOptions>(fields))
    ApiProperty(options)(type.prototype as object, field);
}

/** Applies decorators to a method from outside of its class. */
export function describeMethod<T extends object>(
  type: new (...dependencies: never[]) => T,
  method: keyof T & string,
  ...decorators: readonly MethodDecorator[]
): void {
  const prototype = type.prototype as T;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, method) ?? {};
  for (const decorate of decorators) decorate(prototype, method, descriptor);
}
