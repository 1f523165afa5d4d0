import { readFile } from 'node:fs/promises';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';

/**
 * What a compiler would see of a packed package that is not what Node loads. `require` of an ES module is no fault: every Node that we support does
 * it; nor is it one that a resolution from before `exports` finds no subpath.
 */
export async function typeProblemsOf(archive: string): Promise<string[]> {
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(archive))));
  if (result.types === false) return ['There are no types.'];
  return result.problems
    .filter((problem) => problem.kind !== 'CJSResolvesToESM')
    .filter((problem) => !('resolutionKind' in problem && problem.resolutionKind === 'node10'))
    .map((problem) => JSON.stringify(problem));
}
