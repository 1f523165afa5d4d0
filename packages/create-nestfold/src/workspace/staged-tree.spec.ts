import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UsageError } from '../usage.error.js';
import { StagedTree } from './staged-tree.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nestfold-tree-'));
  writeFileSync(join(root, 'module.ts'), 'before');
});
afterEach(() => rmSync(root, { recursive: true }));

const there = () => readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted();

// Without `undo` the module named what was not there, and a second try was refused for the files of the first.
it.each([
  ['is no folder', (place: string) => writeFileSync(place, 'a file')],
  ['has come into being meanwhile', (place: string) => mkdirSync(join(place, 'late.ts'), { recursive: true })],
])('writes nothing at all where one of its places %s', (_what, take) => {
  const tree = new StagedTree(root);
  tree.write('module.ts', 'after');
  tree.write('parts/one/one.ts', 'one');
  tree.write('parts/two.ts', 'two');
  tree.write('taken/late.ts', 'late');
  const changes = tree.changes();
  take(join(root, 'taken'));
  const before = there();
  expect(() => tree.commit(changes)).toThrow(UsageError);
  expect(there()).toEqual(before);
  expect(readFileSync(join(root, 'module.ts'), 'utf8')).toBe('before');
  rmSync(join(root, 'taken'), { recursive: true });
  tree.commit(changes);
  expect(there()).toEqual([
    'module.ts',
    'parts',
    'parts/one',
    'parts/one/one.ts',
    'parts/two.ts',
    'taken',
    'taken/late.ts',
  ]);
});

it('takes away no file that somebody else has put beside its own', () => {
  const tree = new StagedTree(root);
  tree.write('parts/one.ts', 'one');
  tree.write('parts/two.ts', 'two');
  const changes = tree.changes();
  mkdirSync(join(root, 'parts'));
  writeFileSync(join(root, 'parts', 'two.ts'), 'theirs');
  expect(() => tree.commit(changes)).toThrow(/two\.ts has come into being meanwhile/);
  expect(there()).toEqual(['module.ts', 'parts', join('parts', 'two.ts')]);
  expect(readFileSync(join(root, 'parts', 'two.ts'), 'utf8')).toBe('theirs');
});
