import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishable, REPOSITORY } from './publishable.js';

const textOf = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');

describe('what strangers install', () => {
  const packages = publishable();

  it('is each package that is not private', () => {
    expect(packages.map(({ folder }) => folder)).toEqual(expect.arrayContaining(['packages/core', 'libs/dev-stack']));
  });

  it.each(packages)('$folder says what it is, under which licence, and what it needs', ({ folder, manifest }) => {
    expect(manifest).toMatchObject({
      description: expect.stringMatching(/.{20}/),
      keywords: expect.arrayContaining([expect.any(String)]),
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20.19' },
      files: expect.arrayContaining(['dist']),
      publishConfig: { access: 'public' },
    });
    expect(textOf(`${folder}/LICENSE`)).toBe(textOf('LICENSE'));
    expect(textOf(`${folder}/README.md`)).toMatch(new RegExp(`^# ${manifest.name}\n\n.{40}`));
  });

  it.each(packages)(
    '$folder shows types and code of each of its entries, and its sources to us alone',
    ({ manifest }) => {
      for (const [entry, target] of Object.entries(manifest.exports)) {
        if (entry.endsWith('.json')) continue;
        // The first that fits is taken, so types stand before the code.
        expect(Object.keys(target as object)).toEqual(['@nestfold/source', 'types', 'default']);
      }
    },
  );

  it.each(packages)('$folder needs no package of ours that cannot be installed', ({ manifest }) => {
    const ours = Object.entries(manifest.dependencies ?? {}).filter(([name]) => /^@(nestfold|shop)\//.test(name));
    const known = Object.fromEntries(packages.map(({ manifest: { name, version } }) => [name, version]));
    for (const [name, version] of ours) expect([name, known[name]]).toEqual([name, version]);
  });
});
