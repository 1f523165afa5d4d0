import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { COMMITTED, shopDocument } from './shop-document.js';

interface Operation {
  readonly summary?: string;
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
}

describe('apps/shop/openapi.json', () => {
  it('is what the application generates: else run `npm run openapi -w @shop/app`', async () => {
    const generated: unknown = JSON.parse(await shopDocument());
    expect(JSON.parse(await readFile(COMMITTED, 'utf8'))).toEqual(generated);
  });

  it('says of each operation what it is for, what it answers and how it refuses', async () => {
    const { paths } = JSON.parse(await shopDocument()) as { paths: Record<string, Record<string, Operation>> };
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { summary, responses }] of Object.entries(operations)) {
        expect(summary, `${method} ${path}`).toMatch(/^[A-Z].{5}/);
        for (const [status, { content }] of Object.entries(responses))
          expect(content, `${method} ${path} ${status}`).toBeDefined();
      }
    }
  });
});
