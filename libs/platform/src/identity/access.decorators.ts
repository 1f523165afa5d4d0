import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { InvalidToken } from './identity.errors.js';
import type { IdentifiedRequest, Principal, Role } from './principal.js';

/** Where `Roles` and `Public` write. @internal */
export const ACCESS = 'platform:access';

/** Who may call a route. @internal */
export type Access = { readonly public: true } | { readonly public: false; readonly roles: readonly Role[] };

/** Lets callers with one of the roles in. A route without `@Roles` and `@Public` is for admins alone. */
export const Roles = (...roles: Role[]): MethodDecorator & ClassDecorator =>
  SetMetadata<string, Access>(ACCESS, { public: false, roles });

/** Lets everybody in, also without a token. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata<string, Access>(ACCESS, { public: true }), ApiExtension('x-public', true));

/** The caller. Only for routes that are not public. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<IdentifiedRequest>();
  if (principal === undefined) throw new InvalidToken();
  return principal;
});
