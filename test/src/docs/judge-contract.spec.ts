import { describe, expect, it } from 'vitest';
import type { CitingTest, Guarantee } from './guarantee.js';
import { judgeContract } from './judge-contract.js';

const promised = (id: string, heldBy: string[], line = 1): Guarantee => ({ id, place: `page.md:${line}`, heldBy });
const test = (ids: string[], file = 'a.spec.ts', isSkipped = false): CitingTest => ({
  file,
  place: `${file}:7`,
  ids,
  isSkipped,
});

describe('judgeContract', () => {
  it('has nothing to say where each guarantee is held and linked, also by several tests, and one test holds several', () => {
    const guarantees = [promised('Z-1', ['a.spec.ts', 'b.spec.ts']), promised('Z-2', ['a.spec.ts'], 2)];
    expect(judgeContract(guarantees, [test(['Z-1', 'Z-2']), test(['Z-1']), test(['Z-1'], 'b.spec.ts')])).toEqual([]);
  });

  it('finds a guarantee without a test', () => {
    expect(judgeContract([promised('Z-1', [])], [])).toEqual([
      'page.md:1: Z-1 has no test. End the title of the test that fails when it is broken in [Z-1].',
    ]);
  });

  it('finds a test that names what nobody promises', () => {
    expect(judgeContract([promised('Z-1', ['a.spec.ts'])], [test(['Z-1', 'Z-9'])])).toEqual([
      'a.spec.ts:7: no page of docs/contract promises Z-9. State it there, or mend the title.',
    ]);
  });

  it('finds an id that stands twice, on one page or on two', () => {
    const other = { ...promised('Z-1', ['a.spec.ts']), place: 'other.md:4' };
    expect(judgeContract([promised('Z-1', ['a.spec.ts']), other], [test(['Z-1'])])).toEqual([
      'other.md:4: Z-1 stands at page.md:1 too. Give it a number of its own.',
    ]);
  });

  it('finds a link to a file that is not there, or holds something else', () => {
    const guarantees = [promised('Z-1', ['a.spec.ts', 'gone.spec.ts']), promised('Z-2', ['a.spec.ts', 'b.spec.ts'], 2)];
    expect(judgeContract(guarantees, [test(['Z-1']), test(['Z-2'], 'b.spec.ts')])).toEqual([
      'page.md:1: gone.spec.ts has no test whose title ends in [Z-1].',
      'page.md:2: a.spec.ts has no test whose title ends in [Z-2].',
    ]);
  });

  it('finds a test that the page does not link', () => {
    expect(judgeContract([promised('Z-1', ['a.spec.ts'])], [test(['Z-1']), test(['Z-1'], 'b.spec.ts')])).toEqual([
      'page.md:1: b.spec.ts holds Z-1: link it.',
    ]);
  });

  it('takes a skipped test for none', () => {
    expect(judgeContract([promised('Z-1', ['a.spec.ts'])], [test(['Z-1'], 'a.spec.ts', true)])).toEqual([
      'a.spec.ts:7: this test is not run as one, so it holds nothing of Z-1.',
      'page.md:1: Z-1 has no test. End the title of the test that fails when it is broken in [Z-1].',
      'page.md:1: a.spec.ts has no test whose title ends in [Z-1].',
    ]);
  });
});
