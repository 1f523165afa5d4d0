import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { ACCESS, type Access } from './access.decorators.js';
import { Forbidden, InvalidToken } from './identity.errors.js';
import type { IdentifiedRequest } from './principal.js';
import { TokenVerifier } from './token-verifier.port.js';

const BEARER = /^Bearer ([A-Za-z0-9_.-]{1,8000})$/i;

/** Stands before every route: no token 401, wrong role 403, and nobody gets into a route that says nothing. */
@Injectable()
export class IdentityGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [context.getHandler(), context.getClass()]);
    if (access?.public === true) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<IdentifiedRequest>();
    const principal = await this.identify(request, http.getResponse<Response>());
    if (!principal.roles.some((role) => access?.roles.includes(role))) throw new Forbidden();
    return true;
  }

  private async identify(request: IdentifiedRequest, response: Response) {
    try {
      const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
      if (token === undefined) throw new InvalidToken();
      request.principal = await this.verifier.verify(token);
      return request.principal;
    } catch (error) {
      if (error instanceof InvalidToken) response.setHeader('WWW-Authenticate', 'Bearer');
      throw error;
    }
  }
}
