import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, generate } from 'create-nestfold';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn, pages, textOf } from './workspace-files.js';

const SNIPPETS = 'test/src/docs/snippets/support';
/** Those that the guide changes, and those that it adds. */
const BY_HAND = /\/api\/|\.spec\.ts$|support\.module\.ts$|open-tickets\.|ticket\.(aggregate|state)\.ts$/;
const guides = pages().filter((page) => page.startsWith('docs/guides/'));
const linesOf = (page: string, pattern: RegExp): string[] =>
  [...textOf(page).matchAll(pattern)].map(([, line = '']) => line.trim());

describe('the guides', () => {
  let parent: string;
  let folder: string;
  const say = () => undefined;

  beforeAll(async () => {
    parent = mkdtempSync(join(tmpdir(), 'nestfold-guides-'));
    folder = join(parent, 'my-app');
    await create(['my-app', '--contexts', 'orders', '--no-install'], { folder: parent, say });
    for (const line of linesOf('docs/guides/scaffold-your-app.md', /^npx nestfold (.*)$/gm))
      await generate([...line.split(' '), ...(line.includes(' context ') ? ['--no-install'] : [])], { folder, say });
  });
  afterAll(() => rmSync(parent, { recursive: true }));

  it('name generators that there are, in an order that works', () => {
    const all = new Set(linesOf('docs/guides/scaffold-your-app.md', /^npx nestfold (.*)$/gm));
    expect(all.size).toBe(7);
    for (const guide of guides) for (const line of linesOf(guide, /^npx nestfold (.*)$/gm)) expect(all).toContain(line);
  });

  it('name flags of the command that there are', async () => {
    const lines = guides.flatMap((guide) => linesOf(guide, /create[- ]nestfold (my-app .*?)(?:#.*)?$/gm));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      const args = line.split(/\s+/).filter((word) => word !== '--' && word !== '');
      const rest = args
        .slice(1)
        .filter((word, index, words) => word !== '--packages' && words[index - 1] !== '--packages');
      expect(await create([`app-${lines.indexOf(line)}`, ...rest, '--no-install'], { folder: parent, say })).toBe(0);
    }
  });

  it('begin with what is generated: the parts that stay are as they are compiled here', () => {
    const kept = filesIn(SNIPPETS).filter((path) => path.endsWith('.ts') && !BY_HAND.test(path));
    expect(kept.length).toBeGreaterThan(4);
    const plain = (text: string) => text.replaceAll('@my-app/', '@shop/').replaceAll(/\s+/g, ' ');
    for (const path of kept)
      expect(plain(textOf(path)), path).toBe(
        plain(readFileSync(join(folder, 'libs/support/src', path.slice(SNIPPETS.length + 1)), 'utf8')),
      );
  });

  it('call routes that there are', () => {
    const { paths } = JSON.parse(textOf('apps/shop/openapi.json')) as { readonly paths: object };
    const known = [...Object.keys(paths), '/tickets', '/tickets/{id}', '/tickets/{id}/close'].map(
      (path) => new RegExp(`^${path.replaceAll(/\{[^}]*\}/g, '[^/]+')}$`),
    );
    const called = guides.flatMap((guide) => linesOf(guide, /localhost:3000(\/[^\s"?]*)/g));
    expect(called.length).toBeGreaterThan(8);
    for (const path of called)
      expect(
        known.some((one) => one.test(path)),
        path,
      ).toBe(true);
  });
});
