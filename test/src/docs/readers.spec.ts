import { describe, expect, it } from 'vitest';
import { citingTestsOf } from './citing-tests-of.js';
import { guaranteesOf } from './guarantees-of.js';

const idsOf = (text: string) => citingTestsOf('a.spec.ts', text).flatMap(({ ids }) => ids);
const skippedIn = (text: string) => citingTestsOf('a.spec.ts', text).map(({ isSkipped }) => isSkipped);

describe('guaranteesOf', () => {
  it('reads ids, places, and the files behind "Held by" from the root of the workspace', () => {
    const page = `# Page

- **Z-1** One wins, as [another page](other.md) says.
  - Not promised: which.
  - Held by: [one](../../packages/core/src/one.spec.ts), [two](../../test/src/two.int.spec.ts)
- **Z-2** Nobody holds this.

A sentence about **Z-3** is none.
`;
    expect(guaranteesOf('docs/contract/page.md', page)).toEqual([
      {
        id: 'Z-1',
        place: 'docs/contract/page.md:3',
        heldBy: ['packages/core/src/one.spec.ts', 'test/src/two.int.spec.ts'],
      },
      { id: 'Z-2', place: 'docs/contract/page.md:6', heldBy: [] },
    ]);
  });
});

describe('citingTestsOf', () => {
  it.each([
    ['a test', "it('wins [Z-1]', () => {});"],
    ['a test of many', 'it.each([1])(`wins ${1} times [Z-1]`, () => {});'],
    ['a case of a contract suite', 'const cases = [fact("wins [Z-1]", check)];'],
    ['an entry of the battery', "const entry = { id: 'R02', title: 'wins [Z-1]' };"],
  ])('reads the title of %s', (_, text) => expect(idsOf(text)).toEqual(['Z-1']));

  it('reads several ids, and where the test stands', () => {
    expect(citingTestsOf('a.spec.ts', "\n\nit('wins [Z-1, Z-12]', () => {});")).toEqual([
      { file: 'a.spec.ts', place: 'a.spec.ts:3', ids: ['Z-1', 'Z-12'], isSkipped: false },
    ]);
  });

  it.each([
    ['a comment', "// it('wins [Z-1]', () => {});"],
    ['a text that is no title', "const text = 'wins [Z-1]';"],
    ['ids that do not end the title', "it('wins [Z-1] or not', () => {});"],
    ['ids of another form', "it('wins [Z1] [z-1] [Z-1,Z-2]', () => {});"],
  ])('takes no ids from %s', (_, text) => expect(idsOf(text)).toEqual([]));

  it.each([
    "it.skip('wins [Z-1]', () => {});",
    "it.todo('wins [Z-1]');",
    "it.fails('wins [Z-1]', () => {});",
    "it.skipIf(true)('wins [Z-1]', () => {});",
    "it.skip.each([1])('wins [Z-1]', () => {});",
    "xit('wins [Z-1]', () => {});",
    "describe.skip('all', () => { it('wins [Z-1]', () => {}); });",
  ])('sees that %s is not run as a test', (text) => expect(skippedIn(text)).toEqual([true]));

  it('sees that a test beside a skipped one is run', () => {
    expect(
      skippedIn("it.skip('loses [Z-2]', () => {}); describe('all', () => { it('wins [Z-1]', () => {}); });"),
    ).toEqual([true, false]);
  });
});
