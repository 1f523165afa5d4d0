import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeBlocksOf, holds, partsOf } from './code-blocks.js';
import { filesIn, isThere, pages, readmes, textOf } from './workspace-files.js';

/** Compiled with all other tests; those of the READMEs are run as well. */
const compiled = ['test/src/readme', 'test/src/docs/snippets'].flatMap(filesIn).filter((path) => path.endsWith('.ts'));
const { scripts } = JSON.parse(textOf('package.json')) as { readonly scripts: object };

/** What a page links, by paths from the root of the workspace. */
const linksOf = (page: string): string[] =>
  [...textOf(page).matchAll(/\]\(((?!https?:)[^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) =>
    posix.join(posix.dirname(page), path),
  );

describe('every page', () => {
  const all = [...readmes(), ...pages()];

  it.each(all)('%s names only scripts and files that exist', (page) => {
    const text = textOf(page);
    for (const [, script] of text.matchAll(/npm run ([a-z:]+)/g)) expect(Object.keys(scripts)).toContain(script);
    for (const path of linksOf(page)) expect(isThere(path), path).toBe(true);
  });

  it('of the documentation is linked by its index, or by that of the contract', () => {
    const linked = new Set(['docs/README.md', 'docs/contract/README.md'].flatMap(linksOf));
    expect(pages().filter((page) => !linked.has(page))).toEqual(['docs/README.md']);
  });

  it('shows only code that is compiled here', () => {
    const sources = compiled.map(textOf);
    const blocks = all.flatMap((page) => codeBlocksOf(page, textOf(page)));
    expect(blocks.length).toBeGreaterThan(5);
    const uncompiled = blocks.filter((block) =>
      partsOf(block).some((part) => !sources.some((source) => holds(source, part))),
    );
    expect(uncompiled.map(({ place }) => place)).toEqual([]);
  });
});

describe('code on a page', () => {
  const [block] = codeBlocksOf('page.md', 'Text.\n\n```ts\nconst one = 1;\nconst two = 2;\n```\n\nMore.\n');

  it('is found with its place', () => {
    expect(block).toEqual({ place: 'page.md:3', lines: ['const one = 1;', 'const two = 2;'] });
  });

  it('is held by a source that has its lines one after the other, and by no other', () => {
    expect(holds('{\n  const one = 1;\n  const two = 2;\n}\n', block!)).toBe(true);
    expect(holds('const one = 1;\n\nconst two = 2;\n', block!)).toBe(false);
    expect(holds('const one = 1;\nconst two = 22;\n', block!)).toBe(false);
  });
});
