import {
  Inject,
  Injectable,
  Optional,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Observable } from 'rxjs';
import { RequestScope, runInRequest, type RequestDescription } from '../context/request-scope.js';
import { correlationOf } from './correlation-of-request.js';
import { headersOf, idempotencyKeyIn, traceparentIn, versionIn } from './header-values.js';
import { HTTP_OPTIONS } from './http-module-definition.js';
import type { NestfoldHttpOptions } from './http-options.js';

/**
 * Lets messages that a controller executes know their request: `Idempotency-Key`, `If-Match`, `traceparent`, `x-correlation-id` (answered
 * too) and the principal. An unfit key or `If-Match` is refused with 400. Runs after guards, so the principal is who they found.
 * @publicApi
 */
@Injectable()
export class RequestContextInterceptor implements NestInterceptor {
  constructor(
    private readonly host: HttpAdapterHost,
    @Optional() @Inject(HTTP_OPTIONS) private readonly options: NestfoldHttpOptions = {},
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
    return new Observable((subscriber) => runInRequest(scope, () => next.handle().subscribe(subscriber)));
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
