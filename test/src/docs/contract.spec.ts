import { describe, expect, it } from 'vitest';
import { citingTestsOf } from './citing-tests-of.js';
import { guaranteesOf } from './guarantees-of.js';
import { judgeContract } from './judge-contract.js';
import { pages, testFiles, textOf } from './workspace-files.js';

const contract = pages().filter((page) => page.startsWith('docs/contract/'));
const guarantees = contract.flatMap((page) => guaranteesOf(page, textOf(page)));

describe('the contract', () => {
  // What it finds when something is wrong: judge-contract.spec.ts.
  it('is held by tests that name each of its guarantees, and promises what they name', { timeout: 60_000 }, () => {
    const tests = testFiles().flatMap((file) => citingTestsOf(file, textOf(file)));
    // A reader that finds nothing would pass as well.
    expect(guarantees.length).toBeGreaterThan(80);
    expect(tests.length).toBeGreaterThan(200);
    expect(judgeContract(guarantees, tests).join('\n')).toBe('');
  });

  it('gives each page a letter of its own, and names all pages in its index', () => {
    const index = textOf('docs/contract/README.md');
    const letters = contract
      .filter((page) => !page.endsWith('README.md'))
      .map((page) => {
        const [letter, ...others] = new Set(guaranteesOf(page, textOf(page)).map(({ id }) => id.split('-')[0]));
        expect(others, page).toEqual([]);
        expect(index).toMatch(new RegExp(`\\(${page.split('/').at(-1)}\\) +\\| ${letter} `));
        return letter;
      });
    expect(new Set(letters).size).toBe(letters.length);
  });
});
