import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { jsonBody } from '../http/json-body.js';
import { NestLogger } from '../logging/nest-logger.js';
import { correlateRequest } from '../logging/request-correlation.js';
import { openApiDocument, type ApiDescription } from '../openapi/openapi-document.js';
import { requestLog } from './request-log.js';

/**
 * Makes the HTTP application of a deployable, not yet listening: correlation, log, security headers, bounded JSON bodies,
 * the OpenAPI document at `/openapi.json` and its page at `/docs`, where `/` leads. Guards, filters and pipes come with the modules.
 */
export async function createShopApp(
  module: Type | DynamicModule,
  logger: Logger,
  about?: ApiDescription,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.disable('x-powered-by');
  // The ETag is the version, where there is one; a hash of the body would look like it.
  app.disable('etag');
  app.use(correlateRequest);
  app.use(requestLog(logger));
  app.use(helmet({ contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } } }));
  for (const step of jsonBody) app.use(step);
  app.use(leadToPage);
  SwaggerModule.setup('docs', app, () => openApiDocument(app, about), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
  });
  return app;
}

function leadToPage(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'GET' && request.path === '/') response.redirect('/docs');
  else next();
}
