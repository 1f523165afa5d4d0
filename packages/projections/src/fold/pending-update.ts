import type { DocumentChange, StoredDocument } from '@nestfold/core';
import { changedAt, type FieldChange, type PathChange } from './field-change.js';
import { pushedTo, sumOf } from './field-laws.js';

/**
 * What a batch does to a document that it has not read: one change a path, none a prefix of another, so that the database can
 * do all of it in one update.
 */
export class PendingUpdate {
  /** Made when there is something in it: of most documents of a batch several of these are made, and one is used. */
  private changes: Map<string, FieldChange> | undefined;

  constructor(
    readonly id: string,
    /** Inserted first where the document is missing. */
    readonly initial?: StoredDocument,
  ) {}

  copy(): PendingUpdate {
    const copy = new PendingUpdate(this.id, this.initial);
    if (this.changes !== undefined) copy.changes = new Map(this.changes);
    return copy;
  }

  /** Whether it changes nothing, and makes nothing. */
  get isEmpty(): boolean {
    return this.changes === undefined && this.initial === undefined;
  }

  /** Adds a change. Answers false, and keeps what it was, where it cannot be said in one update: then the document must be read. */
  add(path: string, change: FieldChange): boolean {
    const changes = (this.changes ??= new Map<string, FieldChange>());
    const present = changes.get(path);
    if (present !== undefined) return this.replace(path, combined(path, present, change));
    const above = ancestorOf(path, changes);
    if (above !== undefined) return this.replace(above, inside(above, changes.get(above)!, path, change));
    const below = pathsBelow(path, changes);
    if (below.length > 0 && change.kind !== 'set' && change.kind !== 'unset') return false;
    for (const other of below) changes.delete(other);
    changes.set(path, change);
    return true;
  }

  /** Whether each of these changes can be said together with what is there, for sure: of paths that are there already, one change follows another. */
  surelyTakes(changes: readonly PathChange[]): boolean {
    return changes.every(({ path, kind }) => {
      const present = this.changes?.get(path);
      return present !== undefined && (kind === 'set' || (kind === 'increment' && present.kind !== 'push'));
    });
  }

  /** What a document becomes; `undefined` stays missing, unless there is an initial one. */
  appliedTo(document: StoredDocument | undefined): StoredDocument | undefined {
    let current = document ?? this.initial;
    if (current === undefined) return undefined;
    for (const [path, change] of this.changes ?? []) current = changedAt(current, path, change);
    return current;
  }

  /** As one change for the store; `undefined` when nothing is to be done. */
  toChange(): DocumentChange | undefined {
    const { id, initial, changes } = this;
    if (this.isEmpty) return undefined;
    const update: Writable<Extract<DocumentChange, { kind: 'update' }>> = { kind: 'update', id };
    let set: Record<string, unknown> | undefined;
    let increment: Record<string, unknown> | undefined;
    let push: Record<string, readonly unknown[]> | undefined;
    let unset: string[] | undefined;
    for (const [path, change] of changes ?? []) {
      if (change.kind === 'set') (update.set = set ??= {})[path] = change.value;
      else if (change.kind === 'increment') (update.increment = increment ??= {})[path] = change.amount;
      else if (change.kind === 'push') (update.push = push ??= {})[path] = change.items;
      else (update.unset = unset ??= []).push(path);
    }
    if (initial !== undefined) update.initial = initial;
    return update;
  }

  private replace(path: string, change: FieldChange | undefined): boolean {
    if (change === undefined) return false;
    this.changes?.set(path, change);
    return true;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Changes = ReadonlyMap<string, FieldChange>;

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
function combined(path: string, first: FieldChange, second: FieldChange): FieldChange | undefined {
  // The first made the objects on its way, and they stay when only the innermost field is taken away.
  if (second.kind === 'unset' && first.kind !== 'unset' && path.includes('.')) return undefined;
  if (second.kind === 'set' || second.kind === 'unset') return second;
  if (second.kind === 'increment') {
    if (first.kind === 'set') return { kind: 'set', value: sumOf(path, first.value, second.amount) };
    if (first.kind === 'unset') return { kind: 'set', value: second.amount };
    return first.kind === 'increment'
      ? { kind: 'increment', amount: sumOf(path, first.amount, second.amount) }
      : undefined;
  }
  if (first.kind === 'set') return { kind: 'set', value: pushedTo(path, first.value, second.items) };
  if (first.kind === 'unset') return { kind: 'set', value: second.items };
  return first.kind === 'push' ? { kind: 'push', items: [...first.items, ...second.items] } : undefined;
}

/** A change of a path inside of one that was changed before, as one change of the outer one. */
function inside(above: string, outer: FieldChange, path: string, change: FieldChange): FieldChange | undefined {
  if (outer.kind === 'unset')
    return change.kind === 'unset' ? outer : { kind: 'set', value: changedInside(above, {}, path, change) };
  return outer.kind === 'set' ? { kind: 'set', value: changedInside(above, outer.value, path, change) } : undefined;
}

function changedInside(above: string, value: unknown, path: string, change: FieldChange): unknown {
  return changedAt({ value }, `value${path.slice(above.length)}`, change).value;
}
