import {
  isNestfoldError,
  type Commit,
  type StoreTime,
  type TopicDefinition,
  type TransportConnection,
} from '@nestfold/core';
import type { PublicationDefinition } from '../publishing/publication-definition.js';
import { publishedCommit } from '../publishing/published-commit.js';
import { Backoff } from '../running/backoff.js';
import { Superseded } from '../running/batch-committer.js';
import type { EngineContext } from '../running/engine-context.js';
import { HeldPartition, PartitionLost } from '../running/held-partition.js';
import { relayKey } from '../running/keys.js';
import { untilAborted } from '../running/until-aborted.js';
import { TopicRelay } from './topic-relay.js';

/** What the relay of a topic is doing in this process: `elsewhere` while another one does it, `retrying` while the broker or the store is away. */
export type RelayState = 'starting' | 'relaying' | 'retrying' | 'elsewhere' | 'stopped';

/** Told once a round. */
const INTERRUPTED =
  'A topic is not filled for now, and it is tried again: see whether the broker and the store answer; GET /admin/relays says how far it came.';

/** Fills one topic from this process, whenever it can get the lease: of all processes one does, so that the topic keeps the store's order. */
export class RelayRunner {
  private readonly stopping = new AbortController();
  private readonly owner: string;
  private readonly told: (commit: Commit) => Commit;
  private running: Promise<void> | undefined;
  private current: RelayState = 'starting';
  private reached: StoreTime | undefined;
  private failure: { readonly code: string; readonly message: string } | undefined;
  private count = 0;

  constructor(
    private readonly context: EngineContext,
    private readonly transport: TransportConnection,
    readonly topic: TopicDefinition,
    publications: readonly PublicationDefinition[] = [],
  ) {
    const publication = publications.find((one) => one.topic === topic.name);
    this.told = (commit) => (publication ? publishedCommit(commit, publication, context.types) : commit);
    this.owner = context.environment.uuid();
  }

  get key(): string {
    return relayKey(this.topic.name);
  }

  get state(): RelayState {
    return this.current;
  }

  get trouble(): { readonly code: string; readonly message: string } | undefined {
    return this.failure;
  }

  /** Up to where everything was sent when this process did it last. */
  get time(): StoreTime | undefined {
    return this.reached;
  }

  /** Commits that this process has sent. */
  get sent(): number {
    return this.count;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Lets the batch in flight end, saves, frees the lease. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { environment, settings } = this.context;
    const backoff = new Backoff(environment, settings.backoffMs, settings.relayBackoffMaxMs);
    while (!this.stopping.signal.aborted) {
      const before = this.count;
      try {
        await this.attempt();
        backoff.reset();
      } catch (error) {
        if (this.count !== before) backoff.reset();
        if (!(error instanceof PartitionLost) && !(error instanceof Superseded)) this.failed(error);
        await backoff.pause(this.stopping.signal);
      }
    }
    this.current = 'stopped';
  }

  private async attempt(): Promise<void> {
    const { context, transport, topic } = this;
    const { environment, settings } = context;
    const held = await HeldPartition.take(context, this.key, this.owner);
    if (held === undefined) {
      this.current = 'elsewhere';
      this.failure = undefined;
      await environment.sleep(settings.leasePollMs * (0.5 + 0.5 * environment.random()), this.stopping.signal);
      return;
    }
    try {
      const signal = AbortSignal.any([this.stopping.signal, held.signal]);
      // Each time: a topic may have been deleted since.
      const isThere = await untilAborted(
        transport.prepare([topic]).then(() => true),
        signal,
      );
      if (isThere === undefined) return;
      await new TopicRelay(context, transport, topic, held, signal, {
        told: this.told,
        moved: (time, sent) => this.moved(time, sent),
        failed: (error) => this.failed(error),
      }).run();
    } finally {
      await held.release();
    }
  }

  private moved(time: StoreTime | undefined, sent: number): void {
    this.current = 'relaying';
    this.failure = undefined;
    this.reached = time;
    this.count += sent;
  }

  private failed(error: unknown): void {
    this.current = 'retrying';
    this.failure = {
      code: isNestfoldError(error) ? error.code : 'relay.failed',
      message: error instanceof Error ? error.message : String(error),
    };
    this.context.logger.warn(INTERRUPTED, {
      topic: this.topic.name,
      ...this.failure,
    });
  }
}
