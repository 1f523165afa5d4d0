import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { analyticsDocument, COMMITTED } from './analytics-document.js';

describe('apps/analytics-service/openapi.json', () => {
  it('is what the application generates: else run `npm run openapi -w @shop/analytics-service`', async () => {
    const generated: unknown = JSON.parse(await analyticsDocument());
    expect(JSON.parse(await readFile(COMMITTED, 'utf8'))).toEqual(generated);
  });

  it('has figures and what operators need, and no commands', async () => {
    const { paths } = JSON.parse(await analyticsDocument()) as { paths: Readonly<Record<string, object>> };
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(operations.filter((operation) => !operation.includes(' /admin/'))).toEqual([
      'get /analytics/customers/{id}',
      'get /analytics/daily',
      'get /analytics/hourly',
      'get /analytics/recent',
      'post /auth/token',
      'get /health/live',
      'get /health/ready',
    ]);
    expect(operations).toContain('post /admin/projections/{name}/rebuild');
  });
});
