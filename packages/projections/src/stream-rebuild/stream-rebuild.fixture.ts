import type { Commit, EventContext, InMemoryDatabase, StoreConnection, StoredDocument, Type } from '@nestfold/core';
import { expect, vi } from 'vitest';
import { On } from '../definition/on.decorator.js';
import { Projection } from '../definition/projection.decorator.js';
import { ReadModelDocument } from '../definition/read-model-document.decorator.js';
import { writes } from '../definition/writes.js';
import type { ProjectionEngine } from '../engine/projection-engine.js';
import { CustomerRenamed } from '../fixtures/shop.fixture.js';
import { log } from '../fixtures/store.fixture.js';

/** One of the documents that a stream feeds. */
@ReadModelDocument('page')
export class Page {
  _id!: string;
  n!: number;
  trail!: number[];
}

/** What the stream feeds in another collection. */
@ReadModelDocument('cover')
export class Cover {
  _id!: string;
  told!: string;
}

const page = writes(Page);
const cover = writes(Cover);

/**
 * Each stream feeds a cover and up to ten pages: what is told says what happens to which (`u3`: add to page 3, made where it is missing; `p`: note the
 * version in it; `r`: remove; `d`: double). `fails` are words that throw.
 */
export function book(fails: (told: string) => boolean = () => false, name = 'book'): Type<object> {
  @Projection(name, { version: 1, readModels: [Page, Cover], slicing: 'stream' })
  class Book {
    @On(CustomerRenamed) told({ customerId, name: told }: CustomerRenamed, { version }: EventContext) {
      if (fails(told)) throw new RangeError(`cannot print '${told}'`);
      const id = `${customerId}/${told.slice(1)}`;
      const covered = cover.reduce(customerId, (before) => ({ told: `${before?.told ?? ''}${told}` }));
      switch (told.charAt(0)) {
        case 'u':
          return [covered, page.increment(id, { n: 1 }, { initial: { n: 0, trail: [] } })];
        case 'p':
          return [covered, page.push(id, 'trail', version), page.patch(id, { n: 7 })];
        case 'r':
          return [covered, page.remove(id)];
        case 'd':
          return [
            covered,
            page.reduce(id, (one) => ({ n: 2 * (one?.n ?? 0) + 1, trail: [...(one?.trail ?? []), -version] })),
          ];
        default:
          return covered;
      }
    }
  }
  return Book;
}

/** What the log makes of nothing, by a plain loop; `upTo` says up to which version of a stream. */
export function expectedOf(
  commits: readonly Commit[],
  upTo: (stream: string) => number = () => Number.POSITIVE_INFINITY,
): Record<string, StoredDocument> {
  const documents: Record<string, StoredDocument> = {};
  const pageOf = (id: string) => documents[id] as unknown as Page | undefined;
  for (const { stream, firstVersion, events } of commits) {
    for (const [index, { type, data }] of events.entries()) {
      const version = firstVersion + index;
      if (version > upTo(stream) || type !== 'customer.renamed') continue;
      const { customerId, name } = data as unknown as CustomerRenamed;
      const id = `${customerId}/${name.slice(1)}`;
      const before = (documents[customerId] as Cover | undefined)?.told ?? '';
      documents[customerId] = { _id: customerId, told: before + name };
      const one = pageOf(id);
      if (name[0] === 'u') documents[id] = { _id: id, n: (one?.n ?? 0) + 1, trail: one?.trail ?? [] };
      if (name[0] === 'p' && one) documents[id] = { _id: id, n: 7, trail: [...one.trail, version] };
      if (name[0] === 'r') delete documents[id];
      if (name[0] === 'd')
        documents[id] = { _id: id, n: 2 * (one?.n ?? 0) + 1, trail: [...(one?.trail ?? []), -version] };
    }
  }
  return documents;
}

/** All documents of a generation of the book. */
export async function stored(store: StoreConnection, generation = 'book.1.1'): Promise<Record<string, StoredDocument>> {
  const { collections = {} } = (await store.generations.generation(generation)) ?? {};
  const found: Record<string, StoredDocument> = {};
  for (const collection of Object.values(collections))
    for await (const document of store.readModels.scan(collection)) found[document._id] = document;
  return found;
}

/** All documents as they should be. */
export async function expected(
  store: StoreConnection,
  upTo?: (stream: string) => number,
): Promise<Record<string, StoredDocument>> {
  return expectedOf(await log(store), upTo);
}

/** The collection of a read model, as it is stored: to be damaged. */
export function collectionOf(
  database: InMemoryDatabase,
  model: 'page' | 'cover',
  generation = 'book.1.1',
): ReturnType<InMemoryDatabase['collection']> {
  const name = database.generations.get(generation)?.collections[model];
  return database.collection(name ?? '');
}

/** Damages what a stream feeds in all ways: changed, taken away, left behind under another id, replaced by hand. */
export function damage(database: InMemoryDatabase, id: string, generation?: string): void {
  const covers = collectionOf(database, 'cover', generation).documents;
  const pages = collectionOf(database, 'page', generation).documents;
  for (const [index, [key, document]] of [...pages].filter(([one]) => one.startsWith(`${id}/`)).entries()) {
    if (index === 0) pages.delete(key);
    else pages.set(key, { ...document, n: -1 });
    // Fed by the stream as well, as the copy says.
    if (index === 1) pages.set(`${key}-left`, { ...document, _id: `${key}-left` });
  }
  // Whoever replaces a document by hand takes away what says which stream feeds it.
  if (covers.has(id)) covers.set(id, { _id: id, told: 'by hand' });
}

/** Asks for a rebuild of a stream and waits for its end. */
export async function rebuilt(one: ProjectionEngine, id: string, projection = 'book') {
  const asked = await one.rebuildStream(projection, `customer-${id}`, 'ada');
  return vi.waitFor(
    async () => {
      const status = await one.streamRebuild(projection, `customer-${id}`);
      expect(status).toMatchObject({ id: asked.id });
      expect(status?.state).not.toBe('requested');
      return status!;
    },
    { timeout: 10_000 },
  );
}
