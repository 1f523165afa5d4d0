import { UsageError } from '../usage.error.js';
import type { FileTree } from '../workspace/file-tree.js';
import { sourcesIn } from './stored-names.js';

const FOLDER = 'libs/service/src/topics';

/** Throws `UsageError` for a topic that the application does not name where it names its topics: the service would not start. */
export function requireTopic(tree: FileTree, name: string): void {
  const sources = sourcesIn(tree, FOLDER);
  if (sources.length === 0 || sources.some((path) => new RegExp(`['"\`]${name}['"\`]`).test(tree.read(path)))) return;
  throw new UsageError(
    `There is no topic '${name}' in ${FOLDER}.`,
    'Name it there first, with the categories whose streams it carries and its number of partitions.',
  );
}
