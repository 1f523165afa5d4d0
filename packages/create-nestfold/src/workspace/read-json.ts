import { UsageError } from '../usage.error.js';
import type { FileTree } from './file-tree.js';

/** What a file of JSON says. Throws `UsageError` where there is no such file, and for one that is no plain JSON: its comments would be lost. */
export function readJson<T>(tree: FileTree, path: string): T {
  if (!tree.exists(path))
    throw new UsageError(`There is no ${path}.`, 'Run it in the root of an application that create-nestfold made.');
  try {
    return JSON.parse(tree.read(path)) as T;
  } catch (error) {
    throw new UsageError(
      `${path} is no plain JSON: ${error instanceof Error ? error.message : String(error)}.`,
      'Take comments and trailing commas out of it.',
    );
  }
}
