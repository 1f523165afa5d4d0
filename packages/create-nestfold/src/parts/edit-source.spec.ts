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

  it.each([
    ['x: []', 'x: [E]'],
    ['x: [A, B], y: []', 'x: [A, B, E], y: []'],
    ['x: [\n  A,\n  B,\n]', 'x: [A,\n  B, E]'],
    ["x: [{ a: [1] }, ']', /* ] */ B], y", "x: [{ a: [1] }, ']', /* ] */ B, E], y"],
  ])('gets an element at the end of %j', (text, more) => {
    expect(withElement(text, /x: \[/, 'E')).toBe(more);
  });

  it('gets a member at the end of its class, not of another', () => {
    const text = 'class A {\n  a() {\n    if (b) {\n    }\n  }\n}\n\nclass B {\n}\n';
    expect(withMember(text, 'A', '  m() {}')).toBe(text.replace('  }\n}', '  }\n\n  m() {}\n}'));
    expect(withMember(text, 'C', '')).toBeUndefined();
    expect(withElement('y: []', /x: \[/, 'E')).toBeUndefined();
  });
});
