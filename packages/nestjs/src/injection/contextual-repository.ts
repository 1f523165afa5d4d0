import {
  aggregateDefinitionOf,
  currentContext,
  Repository,
  streamName,
  type CommandReceipt,
  type Ctor,
  type LoadedAggregate,
  type LoadOptions,
  type NotPromise,
  type WriteOptions,
} from '@nestfold/core';
import { takeStatedVersion } from '../bus/stated-version.js';
import { noteWrite } from '../waiting/written.js';

/**
 * What `@InjectRepository` gives: the aggregate's repository, looked up at each call (constructors run before the store is
 * there), whose first write in a handling is guarded by the version that the caller stated, and whose writes can be waited for.
 */
export class ContextualRepository<A extends object> extends Repository<A> {
  constructor(
    private readonly aggregate: Ctor<A>,
    private readonly resolve: () => Repository<A>,
  ) {
    super();
  }

  async create<R>(
    id: string,
    decide: (aggregate: A) => R & NotPromise<R>,
    options?: WriteOptions,
  ): Promise<CommandReceipt> {
    return this.noted(await this.resolve().create(id, decide, guarded(options)));
  }

  async update<R>(
    id: string,
    decide: (aggregate: A) => R & NotPromise<R>,
    options?: WriteOptions,
  ): Promise<CommandReceipt> {
    return this.noted(await this.resolve().update(id, decide, guarded(options)));
  }

  async save<R>(
    id: string,
    decide: (aggregate: A) => R & NotPromise<R>,
    options?: WriteOptions,
  ): Promise<CommandReceipt> {
    return this.noted(await this.resolve().save(id, decide, guarded(options)));
  }

  async load(id: string, options?: LoadOptions): Promise<LoadedAggregate<A> | undefined> {
    return this.resolve().load(id, options);
  }

  private noted(receipt: CommandReceipt): CommandReceipt {
    const { id, version, position } = receipt;
    noteWrite({ stream: streamName(aggregateDefinitionOf(this.aggregate).category, id), version, position });
    return receipt;
  }
}

function guarded(options: WriteOptions = {}): WriteOptions {
  // Taken even where the caller says its own: a second write must not be checked against the first one's version.
  const stated = takeStatedVersion(currentContext());
  return { ...options, expected: options.expected ?? stated };
}
