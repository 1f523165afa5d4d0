import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { UsageError } from '../usage.error.js';
import type { Change, FileTree } from './file-tree.js';

/** A folder on disk, with changes that are held back: whatever is refused on the way has then written nothing. */
export class StagedTree implements FileTree {
  private readonly staged = new Map<string, string>();

  constructor(readonly root: string) {}

  exists(path: string): boolean {
    return this.staged.has(path) || existsSync(join(this.root, path));
  }

  read(path: string): string {
    return this.staged.get(path) ?? readFileSync(join(this.root, path), 'utf8');
  }

  children(folder: string): readonly string[] {
    const there = join(this.root, folder);
    const below = [...this.staged.keys()].filter((path) => path.startsWith(`${folder}/`));
    const names = below.flatMap((path) => path.slice(folder.length + 1).split('/')[0] ?? []);
    const known = existsSync(there) && statSync(there).isDirectory() ? readdirSync(there) : [];
    return [...new Set([...known, ...names])].toSorted();
  }

  write(path: string, text: string): void {
    this.staged.set(posix.normalize(path), text);
  }

  /** What is held back, in the order in which it was first written. */
  changes(): readonly Change[] {
    return [...this.staged].map(([path, text]) => ({
      path,
      kind: existsSync(join(this.root, path)) ? 'update' : 'create',
      text,
    }));
  }

  /** Writes everything. Throws `UsageError` where a file that is to be new has come into being meanwhile. */
  commit(changes: readonly Change[] = this.changes()): void {
    for (const { path, kind, text } of changes) {
      mkdirSync(join(this.root, dirname(path)), { recursive: true });
      try {
        writeFileSync(join(this.root, path), text, { flag: kind === 'create' ? 'wx' : 'w' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        throw new UsageError(`${path} has come into being meanwhile.`, 'Look at it, and try again.');
      }
    }
  }
}
