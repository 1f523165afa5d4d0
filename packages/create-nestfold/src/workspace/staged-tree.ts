import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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
    // What is there keeps the ends of its lines.
    const isWindows = this.exists(path) && this.read(path).includes('\r\n');
    this.staged.set(posix.normalize(path), isWindows ? text.replaceAll(/\r?\n/g, '\r\n') : text);
  }

  /** What is held back, in the order in which it was first written. */
  changes(): readonly Change[] {
    return [...this.staged].map(([path, text]) => ({
      path,
      kind: existsSync(join(this.root, path)) ? 'update' : 'create',
      text,
    }));
  }

  /**
   * Writes everything, or nothing: what was written before something that cannot be is taken back. Throws `UsageError` then, also where a file that is
   * to be new has come into being meanwhile.
   */
  commit(changes: readonly Change[] = this.changes()): void {
    const undo: (() => void)[] = [];
    for (const change of changes) {
      try {
        this.put(change, undo);
      } catch (error) {
        for (const step of undo.toReversed()) step();
        throw refusalOf(change, error);
      }
    }
  }

  private put({ path, kind, text }: Change, undo: (() => void)[]): void {
    const file = join(this.root, path);
    const folder = dirname(file);
    const made = mkdirSync(folder, { recursive: true });
    if (made !== undefined) undo.push(() => removeEmpty(folder, made));
    if (kind === 'update') {
      const before = readFileSync(file);
      undo.push(() => writeFileSync(file, before));
      writeFileSync(file, text);
      return;
    }
    const opened = openSync(file, 'wx');
    undo.push(() => rmSync(file));
    try {
      writeFileSync(opened, text);
    } finally {
      closeSync(opened);
    }
  }
}

function refusalOf({ path }: Change, error: unknown): UsageError {
  if ((error as NodeJS.ErrnoException).code === 'EEXIST')
    return new UsageError(`${path} has come into being meanwhile.`, 'Look at it, and try again.');
  const reason = error instanceof Error ? error.message : String(error);
  return new UsageError(`${path} cannot be written: ${reason}.`, 'Nothing was written. Mend that, and try again.');
}

/** A folder and those above it up to `top`, as far as nobody has put something there. */
function removeEmpty(folder: string, top: string): void {
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
  if (folder !== top && folder.startsWith(top)) removeEmpty(dirname(folder), top);
}
