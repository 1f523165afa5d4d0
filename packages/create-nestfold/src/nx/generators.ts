import { namesOf } from '../application/names.js';
import { PARTS, type PartKind } from '../parts/parts.js';
import type { PartOptions } from '../parts/part.js';
import type { FileTree } from '../workspace/file-tree.js';
import { formatted } from '../workspace/format.js';

/** What is used of Nx's `Tree`, so that Nx need not be there for those who have none. */
export interface NxTree {
  readonly root: string;
  exists(path: string): boolean;
  read(path: string, encoding: 'utf-8'): string | null;
  children(folder: string): string[];
  write(path: string, text: string): void;
}

/** The options that Nx hands over: the name, and the flags of the part. */
export type NxOptions = PartOptions & { readonly name: string };

/** Generates a part through Nx, which writes at the end, or not at all with `--dry-run`. */
function generator(kind: PartKind) {
  return async (nx: NxTree, { name, ...options }: NxOptions): Promise<void> => {
    const written = new Set<string>();
    const tree: FileTree = {
      exists: (path) => nx.exists(path),
      read: (path) => nx.read(path, 'utf-8') ?? '',
      children: (folder) => nx.children(folder).toSorted(),
      write: (path, text) => {
        written.add(path);
        nx.write(path, text);
      },
    };
    PARTS[kind].generate(tree, namesOf(`a part (${kind})`, name), options);
    for (const path of written) nx.write(path, await formatted(nx.root, path, tree.read(path)));
  };
}

export const contextGenerator = generator('context');
export const aggregateGenerator = generator('aggregate');
export const commandGenerator = generator('command');
export const eventGenerator = generator('event');
export const queryGenerator = generator('query');
export const projectionGenerator = generator('projection');
export const eventsHandlerGenerator = generator('events-handler');
