import {
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AdminModule } from '@nestfold/admin';
import { Nestfold, NestfoldHttpModule, NestfoldModule, type NestfoldOptions } from '@nestfold/nestjs';

/** Who calls stands in a header. */
@Injectable()
class AdminsOnly implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context
      .switchToHttp()
      .getRequest<{ headers: Record<string, string>; user?: { id: string; roles: string[] } }>();
    if (request.headers['authorization'] !== 'admin') throw new UnauthorizedException();
    request.user = { id: 'ada', roles: ['admin'] };
    return true;
  }
}

/** A service with the endpoints for operators, and what asks them. */
export async function startOperated(
  options: NestfoldOptions,
  providers: readonly Type<object>[],
  feature: Parameters<typeof NestfoldModule.forFeature>[0] = {},
) {
  const module = await Test.createTestingModule({
    imports: [
      NestfoldModule.forRoot({ ...options, engine: { leaseMs: 1_500, leasePollMs: 100, heartbeatMs: 500 } }),
      NestfoldModule.forFeature(feature),
      NestfoldHttpModule.forRoot({ principal: (request: { user?: { id: string } }) => request.user }),
      AdminModule.forRoot({ guard: AdminsOnly }),
    ],
    providers: [...providers],
  }).compile();
  const app: INestApplication = module.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    nestfold: app.get(Nestfold),
    ask: async <T>(method: string, path: string): Promise<T> => {
      const response = await fetch(`${url}/admin${path}`, { method, headers: { authorization: 'admin' } });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    stop: () => app.close(),
  };
}
