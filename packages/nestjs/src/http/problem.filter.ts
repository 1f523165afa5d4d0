import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { currentCorrelationId } from '../context/correlation.js';
import { correlationOf } from './correlation-of-request.js';
import { problemOf } from './problem-of.js';

/**
 * Answers every error as problem+json with a stable `code`. What is the server's fault is logged with its correlation
 * id, and tells the caller nothing of itself.
 * @publicApi
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: unknown, context: ArgumentsHost): void {
    if (context.getType() !== 'http') throw error;
    const request = context.switchToHttp().getRequest<object>();
    const response = context.switchToHttp().getResponse<object>();
    const adapter = this.host.httpAdapter;
    const correlationId = currentCorrelationId() ?? correlationOf(request);
    const answer = problemOf(error, request);
    this.log(error, answer.status, answer.code, correlationId);
    // An event stream that fails on its way can only be cut off.
    if (adapter.isHeadersSent(response)) return void adapter.end(response);
    const instance = String(adapter.getRequestUrl(request) ?? '').split('?', 1)[0];
    adapter.setHeader(response, 'content-type', 'application/problem+json; charset=utf-8');
    adapter.setHeader(response, 'x-correlation-id', correlationId);
    if (answer.retryAfter !== undefined) adapter.setHeader(response, 'retry-after', String(answer.retryAfter));
    adapter.reply(response, { ...answer, ...(instance && { instance }), correlationId }, answer.status);
  }

  private log(error: unknown, status: number, code: string, correlationId: string): void {
    if (status < 500) return;
    const line = `${code}, answered as ${status} ${JSON.stringify({ correlationId })}: ${error instanceof Error ? error.message : String(error)}`;
    if (status === 500) this.logger.error(line, error instanceof Error ? error.stack : undefined);
    else this.logger.warn(line);
  }
}
