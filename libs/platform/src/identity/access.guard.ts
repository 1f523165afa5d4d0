import { ForbiddenException, Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { NEEDED_ROLES, PUBLIC } from './access.decorators.js';
import type { RequestWithIdentity, Role } from './identity.js';
import { TokenVerifier } from './token-verifier.js';

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** Denies by default: a route that is not `@Public` wants a valid token, and one of its `@Roles` where it names any. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, targets)) return true;
    const request = context.switchToHttp().getRequest<RequestWithIdentity>();
    const identity = await this.identify(request.headers['authorization']);
    if (!identity) throw new UnauthorizedException('A valid bearer token is needed.');
    request.identity = identity;
    const needed = this.reflector.getAllAndOverride<Role[] | undefined>(NEEDED_ROLES, targets);
    if (needed && !needed.some((role) => identity.roles.includes(role))) {
      throw new ForbiddenException(`This needs the role ${needed.join(' or ')}.`);
    }
    return true;
  }

  private async identify(authorization: string | string[] | undefined) {
    const [, token] = BEARER.exec(typeof authorization === 'string' ? authorization : '') ?? [];
    return token === undefined ? undefined : this.verifier.verify(token);
  }
}
