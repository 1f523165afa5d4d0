import type { CitingTest, Guarantee } from './guarantee.js';

/**
 * Compares what the pages promise with what the tests name. Answers what is wrong, each in a line that says what to do; nothing when every guarantee
 * has a test that names it, and each page links exactly the files of those tests.
 */
export function judgeContract(guarantees: readonly Guarantee[], tests: readonly CitingTest[]): string[] {
  const problems: string[] = [];
  const promised = new Map<string, Guarantee>();
  for (const guarantee of guarantees) {
    const first = promised.get(guarantee.id);
    if (first)
      problems.push(`${guarantee.place}: ${guarantee.id} stands at ${first.place} too. Give it a number of its own.`);
    else promised.set(guarantee.id, guarantee);
  }
  for (const { place, ids, isSkipped } of tests) {
    if (isSkipped) problems.push(`${place}: this test is not run as one, so it holds nothing of ${ids.join(', ')}.`);
    for (const id of ids)
      if (!promised.has(id))
        problems.push(`${place}: no page of docs/contract promises ${id}. State it there, or mend the title.`);
  }
  for (const guarantee of promised.values()) problems.push(...problemsOf(guarantee, tests));
  return problems;
}

function problemsOf({ id, place, heldBy }: Guarantee, tests: readonly CitingTest[]): string[] {
  const holding = tests.filter(({ ids, isSkipped }) => ids.includes(id) && !isSkipped);
  const files = new Set(holding.map(({ file }) => file));
  const problems = [
    ...heldBy
      .filter((file) => !files.has(file))
      .map((file) => `${place}: ${file} has no test whose title ends in [${id}].`),
    ...[...files].filter((file) => !heldBy.includes(file)).map((file) => `${place}: ${file} holds ${id}: link it.`),
  ];
  if (files.size === 0)
    problems.unshift(`${place}: ${id} has no test. End the title of the test that fails when it is broken in [${id}].`);
  return problems;
}
