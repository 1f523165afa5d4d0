import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { sharedSchemas } from './api.decorators.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const problems: Readonly<Record<string, string>> = {
  400: 'The request is invalid; all errors are listed.',
  401: 'No valid token.',
  403: 'The caller may not do this.',
  404: "There is no such thing, or it is not the caller's.",
  413: 'The body is larger than allowed.',
  415: 'The body is not JSON.',
  503: 'Not at the moment; repeat later, with the same Idempotency-Key.',
  default: 'Anything else that went wrong.',
};

const PROBLEM = { $ref: '#/components/schemas/ProblemView' };

/** What an application's contract is called. */
export interface ApiDescription {
  readonly title: string;
  readonly description: string;
}

const SHOP: ApiDescription = {
  title: 'Nestfold shop',
  description: 'Commands answer 202 with a receipt; queries read models that follow within moments.',
};

/** The contract of an application (default: the shop), with the answers that every operation may give. Operations sorted, so that it is stable. */
export function openApiDocument(app: INestApplication, { title, description }: ApiDescription = SHOP): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setTitle(title)
    .setDescription(description)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  const document = SwaggerModule.createDocument(app, settings, { extraModels: [...sharedSchemas] });
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) if (path[method] !== undefined) complete(path[method]);
  }
  document.paths = Object.fromEntries(
    Object.entries(document.paths).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  return document;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** Adds what an operation does not say of itself: that it needs a token, and the refusals that it shares with others. */
function complete(operation: Operation): void {
  const open = (operation as { 'x-public'?: boolean })['x-public'] === true;
  if (!open) operation.security = [{ bearer: [] }];
  const passed = new Set([
    ...(open ? ['401', '403'] : []),
    ...(operation.requestBody === undefined ? ['413', '415'] : []),
    ...(operation.parameters?.some((parameter) => 'in' in parameter && parameter.in === 'path') ? [] : ['404']),
  ]);
  for (const [status, description] of Object.entries(problems)) {
    if (passed.has(status)) continue;
    operation.responses[status] ??= { description };
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    if (/^(4|5|default)/.test(status) && response !== undefined && 'description' in response)
      response.content ??= { 'application/problem+json': { schema: PROBLEM } };
  }
}
