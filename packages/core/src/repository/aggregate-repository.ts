import { aggregateDefinitionOf, type AggregateDefinition } from '../aggregate/aggregate-definition.js';
import type { StateOf } from '../aggregate/aggregate-root.js';
import { rehydrate } from '../aggregate/rehydrate.js';
import type { CommandReceipt } from '../command/command-receipt.js';
import { currentContext } from '../context/current-context.js';
import { createMessageContext } from '../context/message-context.js';
import type { Ctor } from '../data/type.js';
import { assertPlain } from '../event/plain-data.js';
import { silentLogger } from '../logging/logger.port.js';
import { streamName } from '../stream/stream-name.js';
import { StreamTurns } from '../stream/stream-turns.js';
import {
  Repository,
  type LoadedAggregate,
  type LoadOptions,
  type NotPromise,
  type WriteOptions,
} from './repository.js';
import type { RepositoryOptions } from './repository-options.js';
import { SnapshotKeeper } from './snapshot-keeper.js';
import { StreamLoader, type LoadedStream } from './stream-loader.js';
import { WriteOperation, type Presence } from './write-operation.js';

/** So many writes may wait for others of their streams. */
const WAITING_AT_MOST = 10_000;

/** The repository of one aggregate class over an event store. */
export class AggregateRepository<A> extends Repository<A> {
  private readonly definition: AggregateDefinition<A>;
  private readonly loader: StreamLoader;
  private readonly keeper: SnapshotKeeper;
  private readonly turns: StreamTurns<LoadedStream>;

  /** Throws `ConfigurationError` when the class is no sound aggregate. */
  constructor(
    aggregate: Ctor<A>,
    private readonly options: RepositoryOptions,
  ) {
    super();
    const { events, snapshots, logger = silentLogger } = options;
    this.definition = aggregateDefinitionOf(aggregate);
    this.loader = new StreamLoader(this.definition, events, snapshots, logger);
    this.keeper = new SnapshotKeeper(this.definition, snapshots, logger);
    this.turns = new StreamTurns(options.environment, WAITING_AT_MOST);
  }

  create<R>(id: string, decide: (aggregate: A) => R & NotPromise<R>, options?: WriteOptions): Promise<CommandReceipt> {
    return this.write('new', id, decide, options);
  }

  update<R>(id: string, decide: (aggregate: A) => R & NotPromise<R>, options?: WriteOptions): Promise<CommandReceipt> {
    return this.write('existing', id, decide, options);
  }

  save<R>(id: string, decide: (aggregate: A) => R & NotPromise<R>, options?: WriteOptions): Promise<CommandReceipt> {
    return this.write('any', id, decide, options);
  }

  async load(id: string, { version, at }: LoadOptions = {}): Promise<LoadedAggregate<A> | undefined> {
    const { definition, options } = this;
    const stream = streamName(definition.category, id);
    const loaded =
      at === undefined ? await this.loader.load(stream, version) : await this.loader.loadAsOf(stream, at, version);
    const fold = rehydrate(definition, options.types, loaded.commits, loaded.start, {
      ...(version !== undefined && { upTo: version }),
      sparse: at !== undefined,
    });
    return fold.version === 0 ? undefined : { id, version: fold.version, state: fold.state as StateOf<A> };
  }

  /** Ends when no snapshot is being saved: for a shutdown, which would lose one, and for tests. */
  idle(): Promise<void> {
    return this.keeper.idle();
  }

  private async write(
    presence: Presence,
    id: string,
    decide: (aggregate: A) => unknown,
    options: WriteOptions = {},
  ): Promise<CommandReceipt> {
    const { environment } = this.options;
    const context = currentContext() ?? createMessageContext({ messageId: environment.uuid(), messageType: 'none' });
    const stream = streamName(this.definition.category, id);
    const stated = context.takeExpected();
    if (options.occurredAt !== undefined) assertPlain({ occurredAt: options.occurredAt });
    const operation = new WriteOperation(
      { ...this.options, definition: this.definition, loader: this.loader, keeper: this.keeper, turns: this.turns },
      {
        presence,
        stream,
        context,
        commitId: context.commitIdFor(stream),
        decide,
        options: { ...options, expected: options.expected ?? stated },
      },
    );
    return operation.run();
  }
}
