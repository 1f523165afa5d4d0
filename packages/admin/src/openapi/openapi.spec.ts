import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { inMemoryTransport } from '@nestfold/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ask, ended, poison, start, stop } from '../admin.fixture.js';
import type { DeadLetterPageDto, RebuildDto } from '../index.js';
import { documentAdmin } from './index.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

beforeAll(() => {
  documentAdmin();
  documentAdmin();
});
afterEach(stop);

async function startDocumented(): Promise<OpenAPIObject> {
  const topics = [{ name: 'counter', categories: ['counter'], partitions: 1 }];
  const { app } = await start({}, '', [], { transports: [inMemoryTransport(topics)] });
  return SwaggerModule.createDocument(app, new DocumentBuilder().build());
}

function operationsOf({ paths }: OpenAPIObject): [string, Operation][] {
  return Object.entries(paths).flatMap(([path, { get, post }]) =>
    Object.entries({ get, post }).flatMap(([method, operation]): [string, Operation][] =>
      operation === undefined ? [] : [[`${method} ${path}`, operation]],
    ),
  );
}

function answerSchema(operation: Operation): Schema | undefined {
  const { 200: ok, 202: accepted } = operation.responses as Record<
    string,
    { content?: Record<string, { schema: Schema }> }
  >;
  return (ok ?? accepted)?.content?.['application/json']?.schema;
}

/** What an answer has that the document does not know, and what the document promises that it lacks. */
function differences(document: OpenAPIObject, schema: Schema, value: unknown, path: string): string[] {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (reference !== undefined) {
    const named = document.components?.schemas?.[reference.split('/').at(-1) ?? ''] as Schema;
    return differences(document, named, value, path);
  }
  if (Array.isArray(value)) return value.flatMap((one) => differences(document, schema.items ?? {}, one, `${path}[]`));
  if (typeof value !== 'object' || value === null || schema.properties === undefined) return [];
  const { properties, required = [] } = schema;
  const lacking = required.filter((field) => !(field in value)).map((field) => `${path}.${field} lacks`);
  const others = Object.entries(value).flatMap(([field, inner]) => {
    const known = properties[field];
    return known === undefined
      ? [`${path}.${field} is unknown`]
      : differences(document, known, inner, `${path}.${field}`);
  });
  return [...lacking, ...others];
}

describe('the OpenAPI description of the admin endpoints', () => {
  it('says of each what it is for and what it answers', async () => {
    const operations = operationsOf(await startDocumented());
    expect(operations.length).toBeGreaterThanOrEqual(20);
    for (const [name, operation] of operations) {
      expect(operation.summary, name).toMatch(/^[A-Z].{5}/);
      expect(operation.operationId, name).not.toContain('Controller');
      expect(operation.tags, name).toEqual(['admin']);
      expect(answerSchema(operation), name).toBeDefined();
      for (const response of Object.values(operation.responses))
        expect((response as { description: string }).description, name).not.toBe('');
    }
  });

  it('asks for no parameter that may be left out', async () => {
    const { paths } = await startDocumented();
    const parameters = (paths['/admin/streams/{name}']?.get?.parameters ?? []) as { name: string; required: boolean }[];
    expect(parameters.map(({ name, required }) => [name, required])).toEqual([
      ['name', true],
      ['from', false],
      ['limit', false],
      ['at', false],
    ]);
  });

  it('describes the answers as they are', async () => {
    const document = await startDocumented();
    const { body: rebuild } = await ask<RebuildDto>('POST', '/projections/totals/rebuild');
    await ended(rebuild.id);
    await poison('b');
    const letter = await vi.waitFor(async () => {
      const { body } = await ask<DeadLetterPageDto>('GET', '/dead-letters');
      expect(body.deadLetters).toHaveLength(1);
      return body.deadLetters[0];
    }, 10_000);
    for (const [path, asked] of [
      ['/projections', '/projections'],
      ['/projections/{name}', '/projections/totals'],
      ['/rebuilds', '/rebuilds'],
      ['/rebuilds/{id}', `/rebuilds/${rebuild.id}`],
      ['/streams/{name}', '/streams/counter-a?limit=1&at=2'],
      ['/nodes', '/nodes'],
      ['/dead-letters', '/dead-letters'],
      ['/dead-letters/{id}', `/dead-letters/${letter?.id}`],
      ['/feed', '/feed'],
      ['/relays', '/relays'],
      ['/topics/{topic}/refused', '/topics/counter/refused'],
    ] as const) {
      const schema = answerSchema(document.paths[`/admin${path}`]?.get as Operation);
      const { body } = await ask<unknown>('GET', asked);
      expect(differences(document, schema ?? {}, body, path)).toEqual([]);
    }
  });

  it('is all that needs @nestjs/swagger: an application without it can use the module', () => {
    const root = new URL('..', import.meta.url).pathname;
    const users = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (file) =>
        file.endsWith('.ts') &&
        /from '(@nestjs\/swagger|.*\/openapi\/.*)'/.test(readFileSync(`${root}${file}`, 'utf8')),
    );
    expect(users.filter((file) => !file.startsWith('openapi/'))).toEqual([]);
    expect(users.length).toBeGreaterThan(0);
  });
});
