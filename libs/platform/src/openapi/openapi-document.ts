import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { sharedSchemas } from './api.decorators.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const problems: Readonly<Record<string, string>> = {
  401: 'No valid token.',
  403: 'The caller may not do this.',
  413: 'The body is larger than allowed.',
  415: 'The body is not JSON.',
  503: 'Not at the moment; repeat later, with the same Idempotency-Key.',
  default: 'Anything else that went wrong.',
};

/** The contract of an application, with the answers that every operation may give. Operations sorted, so that it is stable. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setTitle('Nestfold shop')
    .setDescription('Commands answer 202 with a receipt; queries read models that follow within moments.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  const document = SwaggerModule.createDocument(app, settings, { extraModels: [...sharedSchemas] });
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation === undefined) continue;
      const open = (operation as { 'x-public'?: boolean })['x-public'] === true;
      if (!open) operation.security = [{ bearer: [] }];
      for (const [status, description] of Object.entries(problems)) {
        if (open && (status === '401' || status === '403')) continue;
        if (operation.requestBody === undefined && (status === '413' || status === '415')) continue;
        operation.responses[status] ??= {
          description,
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemView' } } },
        };
      }
    }
  }
  document.paths = Object.fromEntries(
    Object.entries(document.paths).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  return document;
}
