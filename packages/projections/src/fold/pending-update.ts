import type { DocumentChange, StoredDocument } from '@nestfold/core';
import { changed, changedAt, type FieldChange } from './field-change.js';
import { pushedTo, sumOf } from './field-laws.js';

/**
 * What a batch does to a document that it has not read: one change a path, none a prefix of another, so that the database can
 * do all of it in one update.
 */
export class PendingUpdate {
  constructor(
    readonly id: string,
    /** Inserted first where the document is missing. */
    readonly initial?: StoredDocument,
    private readonly changes = new Map<string, FieldChange>(),
  ) {}

  copy(): PendingUpdate {
    return new PendingUpdate(this.id, this.initial, new Map(this.changes));
  }

  /** Adds a change. Answers false, and keeps what it was, where it cannot be said in one update: then the document must be read. */
  add(path: string, change: FieldChange): boolean {
    const present = this.changes.get(path);
    if (present !== undefined) return this.replace(path, combined(path, present, change));
    const above = this.ancestorOf(path);
    if (above !== undefined) return this.replace(above, inside(above, this.changes.get(above)!, path, change));
    const below = [...this.changes.keys()].filter((other) => other.startsWith(`${path}.`));
    if (below.length > 0 && change.kind !== 'set' && change.kind !== 'unset') return false;
    for (const other of below) this.changes.delete(other);
    this.changes.set(path, change);
    return true;
  }

  /** Whether each of these changes can be said together with what is there, for sure: of paths that are there already, one change follows another. */
  surelyTakes(changes: readonly (readonly [string, FieldChange])[]): boolean {
    return changes.every(([path, { kind }]) => {
      const present = this.changes.get(path);
      return present !== undefined && (kind === 'set' || (kind === 'increment' && present.kind !== 'push'));
    });
  }

  /** What a document becomes; `undefined` stays missing, unless there is an initial one. */
  appliedTo(document: StoredDocument | undefined): StoredDocument | undefined {
    const start = document ?? this.initial;
    return start && changed(start, this.changes);
  }

  /** As one change for the store; `undefined` when nothing is to be done. */
  toChange(): DocumentChange | undefined {
    const set: Record<string, unknown> = {};
    const increment: Record<string, unknown> = {};
    const push: Record<string, readonly unknown[]> = {};
    const unset: string[] = [];
    for (const [path, change] of this.changes) {
      if (change.kind === 'set') set[path] = change.value;
      else if (change.kind === 'increment') increment[path] = change.amount;
      else if (change.kind === 'push') push[path] = change.items;
      else unset.push(path);
    }
    if (this.changes.size === 0 && this.initial === undefined) return undefined;
    return {
      kind: 'update',
      id: this.id,
      ...(isFilled(set) && { set }),
      ...(isFilled(increment) && { increment }),
      ...(isFilled(push) && { push }),
      ...(unset.length > 0 && { unset }),
      ...(this.initial !== undefined && { initial: this.initial }),
    };
  }

  private replace(path: string, change: FieldChange | undefined): boolean {
    if (change === undefined) return false;
    this.changes.set(path, change);
    return true;
  }

  private ancestorOf(path: string): string | undefined {
    for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1)) {
      const above = path.slice(0, end);
      if (this.changes.has(above)) return above;
    }
    return undefined;
  }
}

const isFilled = (fields: object): boolean => Object.keys(fields).length > 0;

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
