import type { Find, ReadModel } from '@nestfold/projections';

/** What `@InjectReadModel` gives: the read side of a model, looked up at each call, since constructors run before the store is there. */
export class DeferredReadModel<D> implements ReadModel<D> {
  constructor(private readonly resolve: () => ReadModel<D>) {}

  async findById(id: string): Promise<D | undefined> {
    return this.resolve().findById(id);
  }

  async findOne(query: Find<D>): Promise<D | undefined> {
    return this.resolve().findOne(query);
  }

  async find(query: Find<D>): Promise<readonly D[]> {
    return this.resolve().find(query);
  }

  async count(query?: Pick<Find<D>, 'where' | 'text'>): Promise<number> {
    return this.resolve().count(query);
  }

  async collectionName(): Promise<string> {
    return this.resolve().collectionName();
  }
}
