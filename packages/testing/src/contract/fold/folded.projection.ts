import { Decimal, DomainEvent } from '@nestfold/core';
import { On, Projection, writes, type Write } from '@nestfold/projections';

/** A document to fold into. `free` holds anything, so that writes can meet what they do not fit. */
export class Folded {
  _id!: string;
  n!: number;
  sum!: Decimal;
  tags!: readonly string[];
  name?: string;
  inner?: { label?: string; count?: number; total?: Decimal; list?: readonly string[] };
  free?: unknown;
}

/** The fields of a `Folded`, by any path. */
export type Paths = Readonly<Record<string, unknown>>;

/** A write as plain data, so that an event can hold it. */
export type Wish =
  | { readonly kind: 'insert'; readonly id: string; readonly document: Omit<Folded, '_id'> }
  | { readonly kind: 'patch'; readonly id: string; readonly set: Paths; readonly unset: readonly string[] }
  | { readonly kind: 'increment'; readonly id: string; readonly by: Paths; readonly initial?: Omit<Folded, '_id'> }
  | { readonly kind: 'push'; readonly id: string; readonly field: string; readonly items: readonly string[] }
  | { readonly kind: 'remove'; readonly id: string }
  | { readonly kind: 'patchWhere'; readonly match: Paths; readonly set: Paths }
  | { readonly kind: 'reduce'; readonly id: string; readonly to: 'doubled' | 'nothing' | 'something' };

/** Something that makes its projection write what it says. */
@DomainEvent('contract.wished')
export class Wished {
  /** `Wish`es; `object`, since their paths lead to anything, which an event's type would refuse. */
  wishes!: readonly object[];
}

/** Something whose method needs a document. */
@DomainEvent('contract.copied')
export class Copied {
  from!: string;
  to!: string;
}

const folded = writes(Folded);

/** Writes whatever the events say: all forms that there are. */
@Projection('contract-fold', { version: 1, readModels: [Folded] })
export class FoldedProjection {
  @On(Wished)
  wished({ wishes }: Wished) {
    return (wishes as readonly Wish[]).map(writeOf);
  }

  @On(Copied, { with: { source: [Folded, (event) => event.from] } })
  copied({ to }: Copied, { source }: { source: Folded | undefined }) {
    return folded.patch(to, { n: source?.n ?? -1, name: source?.name ?? 'none' });
  }
}

// `never`: the paths are random, so the types that refuse wrong ones have nothing to check here.
function writeOf(wish: Wish): Write<Folded> {
  switch (wish.kind) {
    case 'insert':
      return folded.insert(wish.id, wish.document);
    case 'patch':
      return folded.patch(wish.id, {
        ...wish.set,
        ...Object.fromEntries(wish.unset.map((path) => [path, undefined])),
      });
    case 'increment':
      return folded.increment(wish.id, wish.by, ...(wish.initial ? [{ initial: wish.initial }] : []));
    case 'push':
      return folded.push(wish.id, wish.field as never, ...(wish.items as never[]));
    case 'remove':
      return folded.remove(wish.id);
    case 'patchWhere':
      return folded.patchWhere(wish.match, wish.set);
    case 'reduce':
      return folded.reduce(wish.id, (document) => reduced(document, wish.to));
  }
}

function reduced(
  document: Folded | undefined,
  to: 'doubled' | 'nothing' | 'something',
): Omit<Folded, '_id'> | undefined {
  if (to === 'nothing') return undefined;
  if (to === 'something' && document === undefined) return { n: 1, sum: Decimal.of('0.5'), tags: ['reduced'] };
  return document && { ...document, n: document.n * 2, tags: [...document.tags, 'doubled'].slice(0, 5) };
}
