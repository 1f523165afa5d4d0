import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Identity, RequestWithIdentity, Role } from './identity.js';

/** Metadata of routes that anybody may call. @internal */
export const PUBLIC = 'shop:public';
/** Metadata of the roles of which a caller needs one. @internal */
export const NEEDED_ROLES = 'shop:roles';

/** Lets anybody call a route: without it the guard wants a token. */
export const Public = () => SetMetadata(PUBLIC, true);

/** Lets only callers with one of these roles call a route. */
export const Roles = (...roles: Role[]) => SetMetadata(NEEDED_ROLES, roles);

/** The caller of a route that is not public. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Identity | undefined => {
  return context.switchToHttp().getRequest<RequestWithIdentity>().identity;
});
