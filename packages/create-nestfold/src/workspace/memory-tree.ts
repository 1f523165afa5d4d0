import type { FileTree } from './file-tree.js';

/** Files in memory, for tests and for planning. */
export class MemoryTree implements FileTree {
  constructor(readonly files: Map<string, string> = new Map()) {}

  exists(path: string): boolean {
    return this.files.has(path) || this.children(path).length > 0;
  }

  read(path: string): string {
    const text = this.files.get(path);
    if (text === undefined) throw new Error(`There is no file ${path}.`);
    return text;
  }

  children(folder: string): readonly string[] {
    const below = [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`));
    return [...new Set(below.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))].toSorted();
  }

  write(path: string, text: string): void {
    this.files.set(path, text);
  }
}
