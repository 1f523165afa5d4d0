import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { ACCESS, type Access } from './access.decorators.js';
import { Forbidden, InvalidToken } from './identity.errors.js';
import type { IdentifiedRequest, Principal } from './principal.js';
import { TokenVerifier } from './token-verifier.port.js';

const BEARER = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i;
const LONGEST_TOKEN = 8_000;
const ADMINS_ONLY: Access = { public: false, roles: ['admin'] };

/** Stands before every route: no token 401, wrong role 403. A route that says nothing about its callers is for admins alone. */
@Injectable()
export class IdentityGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, targets) ?? ADMINS_ONLY;
    if (access.public) return true;
    const http = context.switchToHttp();
    const { roles } = await this.identify(http.getRequest<IdentifiedRequest>(), http.getResponse<Response>());
    if (!roles.some((role) => access.roles.includes(role))) throw new Forbidden();
    return true;
  }

  private async identify(request: IdentifiedRequest, response: Response): Promise<Principal> {
    try {
      const { authorization = '' } = request.headers;
      const token = authorization.length > LONGEST_TOKEN ? undefined : BEARER.exec(authorization)?.[1];
      if (token === undefined) throw new InvalidToken();
      request.principal = await this.verifier.verify(token);
      return request.principal;
    } catch (error) {
      if (error instanceof InvalidToken) response.setHeader('WWW-Authenticate', 'Bearer');
      throw error;
    }
  }
}
