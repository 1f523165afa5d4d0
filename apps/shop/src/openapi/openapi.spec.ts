import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { COMMITTED, shopDocument } from './shop-document.js';

describe('apps/shop/openapi.json', () => {
  it('is what the application generates: else run `npm run openapi -w @shop/app`', async () => {
    const generated: unknown = JSON.parse(await shopDocument());
    expect(JSON.parse(await readFile(COMMITTED, 'utf8'))).toEqual(generated);
  });
});
