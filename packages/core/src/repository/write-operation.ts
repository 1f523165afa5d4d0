import type { AggregateDefinition } from '../aggregate/aggregate-definition.js';
import { decide } from '../aggregate/decide.js';
import { rehydrate } from '../aggregate/rehydrate.js';
import type { CommandReceipt } from '../command/command-receipt.js';
import { metadataOf, type MessageContext } from '../context/message-context.js';
import { AggregateNotFound, isStreamConflict, StreamConflict } from '../error/store.errors.js';
import type { NewEvent } from '../event/event.js';
import type { StreamAppend } from '../store/append.js';
import { loadedVersion } from '../stream/expected-version.js';
import { idOf, type StreamName } from '../stream/stream-name.js';
import type { StreamTurns } from '../stream/stream-turns.js';
import { findOwnCommit, receiptOf, unchangedReceipt } from './repeated-command.js';
import type { RepositoryOptions } from './repository-options.js';
import type { WriteOptions } from './repository.js';
import { RetryClock } from './retry-budget.js';
import type { SnapshotKeeper } from './snapshot-keeper.js';
import type { LoadedStream, StreamLoader } from './stream-loader.js';

/** Which streams a write may meet. */
export type Presence = 'new' | 'existing' | 'any';

/** What the writes of one repository share. */
export interface WriteTools<A> extends Omit<RepositoryOptions, 'snapshots'> {
  readonly definition: AggregateDefinition<A>;
  readonly loader: StreamLoader;
  readonly keeper: SnapshotKeeper;
  readonly turns: StreamTurns<LoadedStream>;
}

/** What is to be written. */
export interface WriteRequest<A> {
  readonly presence: Presence;
  readonly stream: StreamName;
  readonly context: MessageContext;
  readonly commitId: string;
  readonly decide: (aggregate: A) => unknown;
  readonly options: WriteOptions;
}

/**
 * One write: load, look whether it was done before, decide, append. After a lost race again, then in turn with the other writes of this
 * process on the stream: those would only take each other's place, and the last of many would starve.
 */
export class WriteOperation<A> {
  private loaded: LoadedStream | undefined;
  /** Whether to look for the command's own commit first. */
  private search: boolean;

  constructor(
    private readonly tools: WriteTools<A>,
    private readonly request: WriteRequest<A>,
  ) {
    this.search = request.context.keyed;
  }

  async run(): Promise<CommandReceipt> {
    const { environment, retry, turns } = this.tools;
    const { stream } = this.request;
    const clock = new RetryClock(environment, retry);
    if (this.isFinal()) return this.attempt();
    if (!turns.isTaken(stream)) {
      try {
        return await this.attempt();
      } catch (error) {
        if (!isStreamConflict(error) || !(await clock.again())) throw error;
      }
    }
    return turns.run(stream, clock.until, async (known) => {
      this.know(known);
      const result = await this.persist(clock);
      return { result, known: this.loaded };
    });
  }

  /** A predecessor's load is as good as one's own: what was stored stays. Not over a snapshot, by which a load is short anyway, and a newer one is due. */
  private know(known: LoadedStream | undefined): void {
    if (known === undefined || this.tools.definition.snapshotEvery !== undefined) return;
    if (this.loaded === undefined || this.loaded.version < known.version) this.loaded = known;
  }

  private async persist(clock: RetryClock): Promise<CommandReceipt> {
    for (;;) {
      try {
        return await this.attempt();
      } catch (error) {
        if (!isStreamConflict(error) || !(await clock.again())) throw error;
      }
    }
  }

  private async attempt(): Promise<CommandReceipt> {
    if (this.needsNoLoad()) return this.createUnseen();
    const { loader } = this.tools;
    const { stream } = this.request;
    // A lost race may have been against an attempt of one's own whose answer was lost.
    this.search ||= this.loaded !== undefined;
    const loaded = this.loaded === undefined ? await loader.load(stream) : await loader.reload(this.loaded);
    this.loaded = loaded;
    return (this.search ? await this.findEarlier(loaded) : undefined) ?? (await this.decideOn(loaded));
  }

  /** A stated version, and a stream that must be new, are not mended by looking again. */
  private isFinal(): boolean {
    const { presence, options } = this.request;
    return presence === 'new' || options.expected !== undefined;
  }

  /** A fresh command that begins a stream decides on nothing: the append itself finds out whether the stream exists. */
  private needsNoLoad(): boolean {
    const { presence, context, options } = this.request;
    return presence === 'new' && !context.keyed && options.expected === undefined;
  }

  private async createUnseen(): Promise<CommandReceipt> {
    const { stream } = this.request;
    const nothing: LoadedStream = { stream, commits: [], version: 0 };
    return this.decideOn(nothing, async () => {
      const loaded = await this.tools.loader.load(stream);
      this.checkPresence(loaded);
      return unchangedReceipt(loaded);
    });
  }

  private async findEarlier(loaded: LoadedStream): Promise<CommandReceipt | undefined> {
    const { commitId, context } = this.request;
    const own = await findOwnCommit(this.tools.events, loaded, commitId, context);
    return own && receiptOf(own);
  }

  private async decideOn(
    loaded: LoadedStream,
    unchanged = async () => unchangedReceipt(loaded),
  ): Promise<CommandReceipt> {
    this.checkPresence(loaded);
    const { definition, types, environment, events, keeper } = this.tools;
    const { stream, context, commitId, options } = this.request;
    const subject = rehydrate(definition, types, loaded.commits, loaded.start);
    const recordedAt = new Date(environment.now());
    const at = { stream, recordedAt, occurredAt: options.occurredAt ?? recordedAt, metadata: metadataOf(context) };
    const emitted = decide(definition, subject, at, this.request.decide);
    if (emitted.length === 0) return unchanged();
    const [receipt] = await events.append([this.appendOf(loaded, emitted, at)]);
    if (receipt === undefined) throw new TypeError('The event store answered no receipt for an append.');
    if (!receipt.repeated) keeper.offer(loaded, { commitId, version: receipt.version, state: subject.state });
    return { id: idOf(stream), version: receipt.version, position: receipt.time, repeated: receipt.repeated };
  }

  private checkPresence({ version, stream }: LoadedStream): void {
    const { presence, options } = this.request;
    if (presence === 'new' && version > 0) throw new StreamConflict(stream, 'noStream', version);
    if (presence === 'existing' && version === 0) throw new AggregateNotFound(stream);
    if (options.expected !== undefined && options.expected.version !== version)
      throw new StreamConflict(stream, options.expected, version);
  }

  private appendOf(
    loaded: LoadedStream,
    events: readonly NewEvent[],
    at: Pick<StreamAppend, 'metadata'> & { readonly occurredAt: Date; readonly recordedAt: Date },
  ): StreamAppend {
    const { stream, commitId, context, presence, options } = this.request;
    return {
      stream,
      expected: presence === 'new' ? 'noStream' : loadedVersion(loaded.version),
      events,
      commitId,
      keyed: context.keyed,
      ...(context.bodyHash !== undefined && { bodyHash: context.bodyHash }),
      metadata: at.metadata,
      recordedAt: at.recordedAt,
      ...(options.occurredAt !== undefined && { occurredAt: options.occurredAt }),
    };
  }
}
