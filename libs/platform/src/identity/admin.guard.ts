import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Forbidden } from './identity.errors.js';
import { isAdmin, type IdentifiedRequest } from './principal.js';

/** Lets the shop's staff in, for modules of others that ask for a guard. Runs behind `IdentityGuard`. */
@Injectable()
export class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { principal } = context.switchToHttp().getRequest<IdentifiedRequest>();
    if (principal === undefined || !isAdmin(principal)) throw new Forbidden();
    return true;
  }
}
