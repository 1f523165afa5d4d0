import { describe, expect, it } from 'vitest';
import { withElement, withImport, withMember } from './edit-source.js';

describe('an edited source', () => {
  it('gets an import after the last one, once', () => {
    const text = "import { A } from 'a';\nimport {\n  B,\n  C,\n} from 'b';\n\nconst one = 1;\n";
    const more = withImport(text, 'D', './d.js');
    expect(more).toBe(text.replace("'b';\n", "'b';\nimport { D } from './d.js';\n"));
    expect(withImport(more, 'D', './d.js')).toBe(more);
    expect(withImport('const one = 1;\n', 'D', './d.js')).toBe("import { D } from './d.js';\n\nconst one = 1;\n");
  });

  it('gets a name beside others of the same file', () => {
    const text = "import type { T } from './a.js';\nimport {\n  A,\n  B,\n} from './a.js';\n";
    expect(withImport(text, 'C', './a.js')).toBe(
      "import type { T } from './a.js';\nimport { A, B, C } from './a.js';\n",
    );
  });

  // Each was edited in the comment, or written a second time beside what is there, and did not compile.
  it.each([
    ['"', ';', '\n'],
    ["'", '', '\n'],
    ['"', ';', '\r\n'],
  ])('gets an import however others are written: %s, %j, %j', (quote, semicolon, end) => {
    const text = ['import { A, type T }', 'import B, {C}', 'import type { D }', 'import * as E', 'import'].map(
      (clause, n) => `${clause} ${clause === 'import' ? '' : 'from '}${quote}./${n}.js${quote}${semicolon}${end}`,
    );
    const source = `/*\nimport { Z } from './z.js';\n*/\n${text.join('')}${end}const one = 1${end}`;
    for (const name of ['A', 'T', 'B', 'C', 'E'])
      expect(() => withImport(source, name, 'other')).toThrow('calls something');
    expect(withImport(source, 'A', './0.js')).toBe(source);
    expect(withImport(source, 'N', './0.js')).toContain('import { A, type T, N } from');
    expect(withImport(source, 'Z', './z.js').indexOf("import { Z } from './z.js';", 30)).toBeGreaterThan(0);
    expect(() => withImport(source, 'D', './2.js')).toThrow(/D is imported from \.\/2\.js as a type alone/);
  });

  const at = /@M\(\{/;
  it.each([
    ['@M({ x: [] })', '@M({ x: [E] })'],
    ['@M({ x: [A, B], y: [] })', '@M({ x: [A, B, E], y: [] })'],
    ['@M({ x: [\n  A,\n  B,\n] })', '@M({ x: [A,\n  B, E] })'],
    ["@M({ x: [{ a: [1] }, ']', /* ] */ B], y })", "@M({ x: [{ a: [1] }, ']', /* ] */ B, E], y })"],
    ['@M({ z: { x: [] }, x: [] })', '@M({ z: { x: [] }, x: [E] })'],
    ['// @M({ x: [] })\n@M({ x: [A, // a\n] })', '// @M({ x: [] })\n@M({ x: [A, E // a\n] })'],
    ['const x = { x: [] };\n@M({ x: [] })', 'const x = { x: [] };\n@M({ x: [E] })'],
    ['@M({ y: [] })', '@M({ x: [E], y: [] })'],
    // What is there already.
    ['@M({ x: [A,\n  E,\n] })', '@M({ x: [A,\n  E,\n] })'],
  ])('gets an element at the end of %j', (text, more) => {
    expect(withElement(text, at, 'x', 'E')).toBe(more);
  });

  it.each([
    'y: []',
    '@M({ x })',
    '@M({ x: all })',
    "@M({ 'x': [] })",
    '@M({ ...all })',
    '@M({ x: [] }) @M({ x: [] })',
    '@M({ x: [',
  ])('is left alone where it is not known what would come of it: %j', (text) =>
    expect(withElement(text, at, 'x', 'E')).toBeUndefined(),
  );

  it('gets a member at the end of its class, not of another', () => {
    const text = 'class A {\n  a() {\n    if (b) {\n    }\n  }\n}\n\nclass B extends C<{ a: 1 }> {}\n';
    expect(withMember(text, 'A', '  m() {}')).toBe(text.replace('  }\n}', '  }\n\n  m() {}\n}'));
    expect(withMember(text, 'B', '  m() {}')).toBe(text.replace('> {}', '> {\n\n  m() {}\n}'));
    expect(withMember(text, 'C', '')).toBeUndefined();
  });
});
