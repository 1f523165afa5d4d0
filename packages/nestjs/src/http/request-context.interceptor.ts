import {
  Inject,
  Injectable,
  Optional,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { mergeMap, Observable } from 'rxjs';
import { Nestfold } from '../lifecycle/nestfold.js';
import { waitInUrl } from '../waiting/wait-of-query.js';
import { waited, type WaitRequest } from '../waiting/waited.js';
import { notingWrites } from '../waiting/written.js';
import { RequestScope, runInRequest, type RequestDescription } from '../context/request-scope.js';
import { correlationOf } from './correlation-of-request.js';
import type { WaitTarget } from '@nestfold/projections';
import { headersOf, idempotencyKeyIn, traceparentIn, versionIn } from './header-values.js';
import { HTTP_OPTIONS } from './http-module-definition.js';
import type { NestfoldHttpOptions } from './http-options.js';

/**
 * Lets messages that a controller executes know their request: `Idempotency-Key`, `If-Match`, `traceparent`, `x-correlation-id` (answered
 * too) and the principal. An unfit key or `If-Match` is refused with 400. Runs after guards, so the principal is who they found. Where a request
 * that is no GET says `?waitFor=<projection>`, its answer waits until what it wrote is applied, and says so beside what the controller answers.
 * @publicApi
 */
@Injectable()
export class RequestContextInterceptor implements NestInterceptor {
  constructor(
    private readonly host: HttpAdapterHost,
    @Optional() @Inject(HTTP_OPTIONS) private readonly options: NestfoldHttpOptions = {},
    @Optional() private readonly nestfold?: Nestfold,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<object>();
    const description = this.describe(request);
    this.host.httpAdapter.setHeader(
      context.switchToHttp().getResponse<object>(),
      'x-correlation-id',
      description.correlationId,
    );
    const scope = new RequestScope(description);
    // Subscribed within the scope: the handler runs when it is subscribed to, not when it is called.
    const wait = this.waitOf(request);
    if (wait === undefined)
      return new Observable((subscriber) => runInRequest(scope, () => next.handle().subscribe(subscriber)));
    return new Observable((subscriber) =>
      notingWrites(({ commits }) => {
        const answered = mergeMap(async (body: unknown) => this.waited(wait, commits, body));
        return runInRequest(scope, () => next.handle().pipe(answered).subscribe(subscriber));
      }),
    );
  }

  private waitOf(request: object): WaitRequest | undefined {
    const { httpAdapter } = this.host;
    // What reads nothing but what is there has no commit to wait for.
    if (this.nestfold === undefined || ['GET', 'HEAD'].includes(String(httpAdapter.getRequestMethod(request))))
      return undefined;
    return waitInUrl(String(httpAdapter.getRequestUrl(request) ?? ''), this.nestfold.engine.projectionNames);
  }

  /** Only what was written can be waited for, and only an object has room for the outcome. */
  private async waited(wait: WaitRequest, commits: readonly WaitTarget[], body: unknown): Promise<unknown> {
    if (this.nestfold === undefined || commits.length === 0) return body;
    const outcome = await waited(this.nestfold.engine, wait, commits);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body, ...outcome } : body;
  }

  private describe(request: object): RequestDescription {
    const headers = headersOf(request);
    const key = idempotencyKeyIn(headers);
    const expectedVersion = versionIn(headers);
    const traceparent = traceparentIn(headers);
    const actor = this.options.principal?.(request);
    const tenant = this.options.tenant?.(request);
    return {
      correlationId: correlationOf(request),
      ...(key !== undefined && { key }),
      ...(expectedVersion !== undefined && { expectedVersion }),
      ...(traceparent !== undefined && { traceparent }),
      // Stored with every commit: nothing else that a guard put beside them.
      ...(actor !== undefined && { actor: { id: actor.id, ...(actor.roles && { roles: actor.roles }) } }),
      ...(tenant !== undefined && { tenant }),
    };
  }
}
