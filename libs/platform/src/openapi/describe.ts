import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';

/**
 * Describes the fields of a class for the OpenAPI document from outside of it: for classes of the domain and of contracts,
 * which know nothing of HTTP. To be called before other classes extend it.
 */
export function describe<T extends object>(
  type: new () => T,
  fields: { readonly [K in keyof T]-?: ApiPropertyOptions },
): void {
  for (const [field, options] of Object.entries<ApiPropertyOptions>(fields))
    ApiProperty(options)(type.prototype as object, field);
}
