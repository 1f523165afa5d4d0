import type { TestShop } from './shop.fixture.js';

/** The parts of a schema that samples and slots are made from. */
export interface Schema {
  readonly $ref?: string;
  /** One schema with words of its own beside it. */
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly minimum?: number;
}

/** One operation of the API, ready to be called. */
export interface Operation {
  /** `POST /orders/{id}/place`. */
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly pathParameters: readonly string[];
  readonly queryParameters: readonly { readonly name: string; readonly schema: Schema }[];
  readonly body?: Schema;
  readonly statuses: readonly string[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Every operation of the OpenAPI document, its schemas resolved. */
export function operationsOf(document: TestShop['openapi']): readonly Operation[] {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method): Operation[] => {
      const operation = item[method];
      if (operation === undefined) return [];
      const parameters = (operation.parameters ?? []) as { in: string; name: string; schema?: Schema }[];
      const content = (operation.requestBody as { content?: Record<string, { schema?: Schema }> } | undefined)?.content;
      const body = content?.['application/json']?.schema;
      return [
        {
          title: `${method.toUpperCase()} ${path}`,
          method,
          path,
          pathParameters: parameters.filter((one) => one.in === 'path').map(({ name }) => name),
          queryParameters: parameters
            .filter((one) => one.in === 'query')
            .map(({ name, schema = {} }) => ({ name, schema })),
          ...(body && { body: resolved(body, schemas) }),
          statuses: Object.keys(operation.responses),
        },
      ];
    }),
  );
}

/** The operation's path with ids in it. */
export function pathOf({ path, pathParameters }: Operation, ids: Readonly<Record<string, string>> = {}): string {
  return pathParameters.reduce((text, name) => text.replace(`{${name}}`, ids[name] ?? 'unknown'), path);
}

function resolved(schema: Schema, schemas: Readonly<Record<string, Schema>>): Schema {
  const [inner] = schema.allOf ?? [];
  if (inner !== undefined) return resolved(inner, schemas);
  const own = schema.$ref === undefined ? schema : (schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  return {
    ...own,
    ...(own.properties && {
      properties: Object.fromEntries(
        Object.entries(own.properties).map(([name, one]) => [name, resolved(one, schemas)]),
      ),
    }),
    ...(own.items && { items: resolved(own.items, schemas) }),
  };
}
