import type { DocumentChange, StoredDocument } from '@nestfold/core';
import { changed, changedAt, type PathChange } from './field-change.js';
import { pathChangesOf, type FieldChanges } from './field-changes.js';
import { pushedTo, sumOf } from './field-laws.js';

/**
 * What a batch does to a document that it has not read: one change a path, none a prefix of another, so that the database can
 * do all of it in one update.
 */
export class PendingUpdate {
  /** What the first event said, as long as there is nothing else: of most documents of a batch there never is. */
  private first: FieldChanges | undefined;
  private changes: Map<string, PathChange> | undefined;

  constructor(
    readonly id: string,
    /** Inserted first where the document is missing. */
    readonly initial?: StoredDocument,
  ) {}

  copy(): PendingUpdate {
    const copy = new PendingUpdate(this.id, this.initial);
    copy.first = this.first;
    if (this.changes !== undefined) copy.changes = new Map(this.changes);
    return copy;
  }

  /** Whether it changes nothing, and makes nothing. */
  get isEmpty(): boolean {
    return this.first === undefined && this.changes === undefined && this.initial === undefined;
  }

  /** Takes the first changes as they stand, each of another path. Answers false, and takes nothing, where others came before, or where one may lie inside of another. */
  begin(changes: FieldChanges): boolean {
    if (this.first !== undefined || this.changes !== undefined) return false;
    let isFilled = false;
    for (const path in changes.fields) {
      if (path.includes('.')) return false;
      isFilled = true;
    }
    if (isFilled) this.first = changes;
    return true;
  }

  /** Adds a change. Answers false, and keeps what it was, where it cannot be said in one update: then the document must be read. */
  add(change: PathChange): boolean {
    const { path } = change;
    const changes = this.opened();
    const present = changes.get(path);
    if (present !== undefined) return this.replace(combined(present, change));
    const above = ancestorOf(path, changes);
    if (above !== undefined) return this.replace(inside(changes.get(above)!, change));
    const below = pathsBelow(path, changes);
    if (below.length > 0 && change.kind !== 'set' && change.kind !== 'unset') return false;
    for (const other of below) changes.delete(other);
    changes.set(path, change);
    return true;
  }

  /** Whether each of these changes can be said together with what is there, for sure: of paths that are there already, one change follows another. */
  surelyTakes(changes: readonly PathChange[]): boolean {
    return changes.every(({ path, kind }) => {
      const present = this.opened().get(path);
      return present !== undefined && (kind === 'set' || (kind === 'increment' && present.kind !== 'push'));
    });
  }

  /** What a document becomes; `undefined` stays missing, unless there is an initial one. */
  appliedTo(document: StoredDocument | undefined): StoredDocument | undefined {
    const start = document ?? this.initial;
    return start && changed(start, this.all);
  }

  /** As one change for the store; `undefined` when nothing is to be done. */
  toChange(): DocumentChange | undefined {
    const { id, initial } = this;
    if (this.isEmpty) return undefined;
    if (this.first?.kind === 'increment' && initial === undefined)
      return { kind: 'update', id, increment: this.first.fields };
    let set: Record<string, unknown> | undefined;
    let increment: Record<string, unknown> | undefined;
    let push: Record<string, readonly unknown[]> | undefined;
    let unset: string[] | undefined;
    for (const change of this.all) {
      const { path } = change;
      if (change.kind === 'set') (set ??= {})[path] = change.value;
      else if (change.kind === 'increment') (increment ??= {})[path] = change.amount;
      else if (change.kind === 'push') (push ??= {})[path] = change.items;
      else (unset ??= []).push(path);
    }
    const update: Writable<Update> = { kind: 'update', id };
    if (increment !== undefined) update.increment = increment;
    if (set !== undefined) update.set = set;
    if (unset !== undefined) update.unset = unset;
    if (push !== undefined) update.push = push;
    if (initial !== undefined) update.initial = initial;
    return update;
  }

  private get all(): Iterable<PathChange> {
    if (this.first !== undefined) return pathChangesOf(this.first);
    return this.changes?.values() ?? NOTHING;
  }

  private opened(): Map<string, PathChange> {
    this.changes ??= new Map(this.first && pathChangesOf(this.first).map((change) => [change.path, change]));
    this.first = undefined;
    return this.changes;
  }

  private replace(change: PathChange | undefined): boolean {
    if (change === undefined) return false;
    this.changes?.set(change.path, change);
    return true;
  }
}

type Update = Extract<DocumentChange, { kind: 'update' }>;
type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Changes = ReadonlyMap<string, PathChange>;

const NOTHING: readonly PathChange[] = [];

function ancestorOf(path: string, changes: Changes): string | undefined {
  for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
    const above = path.slice(0, end);
    if (changes.has(above)) return above;
  }
  return undefined;
}

function pathsBelow(path: string, changes: Changes): readonly string[] {
  let below: string[] | undefined;
  for (const other of changes.keys())
    if (other.length > path.length && other.startsWith(path) && other[path.length] === '.') (below ??= []).push(other);
  return below ?? NONE;
}

const NONE: readonly string[] = [];

/** Two changes of one path, one after the other, as one; `undefined` where that is not possible. */
function combined(first: PathChange, second: PathChange): PathChange | undefined {
  const { path } = second;
  // The first made the objects on its way, and they stay when only the innermost field is taken away.
  if (second.kind === 'unset' && first.kind !== 'unset' && path.includes('.')) return undefined;
  if (second.kind === 'set' || second.kind === 'unset') return second;
  if (second.kind === 'increment') {
    if (first.kind === 'set') return { kind: 'set', path, value: sumOf(path, first.value, second.amount) };
    if (first.kind === 'unset') return { kind: 'set', path, value: second.amount };
    return first.kind === 'increment'
      ? { kind: 'increment', path, amount: sumOf(path, first.amount, second.amount) }
      : undefined;
  }
  if (first.kind === 'set') return { kind: 'set', path, value: pushedTo(path, first.value, second.items) };
  if (first.kind === 'unset') return { kind: 'set', path, value: second.items };
  return first.kind === 'push' ? { kind: 'push', path, items: [...first.items, ...second.items] } : undefined;
}

/** A change of a path inside of one that was changed before, as one change of the outer one. */
function inside(outer: PathChange, change: PathChange): PathChange | undefined {
  const { path } = outer;
  if (outer.kind === 'unset')
    return change.kind === 'unset' ? outer : { kind: 'set', path, value: changedInside(path, {}, change) };
  return outer.kind === 'set' ? { kind: 'set', path, value: changedInside(path, outer.value, change) } : undefined;
}

function changedInside(above: string, value: unknown, change: PathChange): unknown {
  return changedAt({ value }, `value${change.path.slice(above.length)}`, change).value;
}
