/** Files of a workspace by their path from its root, with `/`. What is written may be held back until all is right. */
export interface FileTree {
  exists(path: string): boolean;
  /** Throws where there is no such file. */
  read(path: string): string;
  /** The names within a folder; none where there is no such folder. */
  children(folder: string): readonly string[];
  write(path: string, text: string): void;
}

/** One file that is to be written. */
export interface Change {
  readonly path: string;
  readonly kind: 'create' | 'update';
  readonly text: string;
}
