import { ForbiddenException, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { firstValueFrom, isObservable } from 'rxjs';
import { ADMIN_GUARDS } from '../module/admin-options.js';

/**
 * Lets pass whom all of the application's guards let pass; with no guard at all, nobody. Changes asked for by a page of
 * another site are refused whatever credentials the browser adds.
 */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(@Inject(ADMIN_GUARDS) private readonly guards: readonly CanActivate[]) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { method, headers } = context
      .switchToHttp()
      .getRequest<{ method: string; headers: Record<string, unknown> }>();
    if (method !== 'GET' && method !== 'HEAD' && headers['sec-fetch-site'] === 'cross-site')
      throw new ForbiddenException('Changes are not taken from other sites.');
    for (const guard of this.guards) {
      const answer = guard.canActivate(context);
      if (!(await (isObservable(answer) ? firstValueFrom(answer, { defaultValue: false }) : answer))) return false;
    }
    return this.guards.length > 0;
  }
}
