import type { Flag } from '../cli/options.js';
import type { Names } from '../application/names.js';
import type { FileTree } from '../workspace/file-tree.js';

/** What is wanted of a part, by the names of its flags. */
export type PartOptions = Readonly<Record<string, string | undefined>>;

/** A kind of part that can be generated. */
export interface Part {
  /** What it makes, for whoever chooses. */
  readonly help: string;
  readonly flags: Readonly<Record<string, PartFlag>>;
  /** Writes its files. Throws `UsageError` where a name is taken or something that it builds on is missing. */
  generate(tree: FileTree, names: Names, options: PartOptions): void;
}

/** A flag of a part: its help also stands in the schema for Nx. */
export interface PartFlag extends Flag {
  readonly value: string;
  readonly isNeeded?: true;
}
