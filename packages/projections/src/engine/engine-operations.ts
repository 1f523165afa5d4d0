import { NotFound, type Generation, type NodeRecord, type StreamName } from '@nestfold/core';
import type { DeadLetter, DeadLetterPage, DeadLetterQuery } from '../parking/dead-letter.js';
import type { DeadLetters } from '../parking/dead-letters.js';
import type { EngineContext } from '../running/engine-context.js';
import type { ProjectionSupervisor } from '../running/projection-supervisor.js';
import { askStreamRebuild, streamRebuildIn, type StreamRebuildStatus } from '../stream-rebuild/ask-stream-rebuild.js';
import {
  RefusedMessages,
  type RefusedMessagesPage,
  type RefusedMessagesQuery,
  type RefusedRedrive,
} from '../topics/refused-messages.js';
import { headroomOf, type FeedHeadroom } from './feed-headroom.js';
import { insistOnThrottle, type RebuildOptions } from './rebuild-options.js';
import type { RebuildStatus } from './rebuild-status.js';
import { rebuildStatusOf } from './statuses.js';

/** What an operator may ask of an engine. Each request is stored, so it holds for all processes, whichever of them was asked. */
export abstract class EngineOperations {
  protected abstract readonly context: EngineContext;
  protected abstract readonly supervisors: ReadonlyMap<string, ProjectionSupervisor>;
  protected abstract readonly letters: DeadLetters;

  /**
   * Begins to build all documents of a projection anew, beside the live ones; processes with the role build them and swap them in. Throws
   * `RebuildRunning` while a build is under way, `ConfigurationError` for a number of partitions or a throttle that cannot be, and `NotFound`.
   */
  async rebuild(name: string, by: string, options: RebuildOptions = {}): Promise<Generation> {
    return this.supervisor(name).rebuild(by, options);
  }

  /**
   * Makes the former generation of a projection live again, as fresh as the live one, which is then the former one: both are fed until the grace
   * (`graceMs`, from the last swap) ends. Throws `RollbackRefused` where there is none or nobody feeds it, and `NotFound`.
   */
  async rollback(name: string, by: string): Promise<void> {
    return this.supervisor(name).rollBack(by);
  }

  /**
   * Makes anew what one stream feeds in a projection with slicing 'stream', while all else stays: the owner of the stream's partition replaces those documents
   * in one transaction, within about a second, by what the stream's events make of nothing, and tries again what is parked. Of a stream that waits for that
   * already, the first request is answered. Throws `StreamRebuildRefused`, which names the remedy, and `NotFound` for the projection or the stream.
   */
  async rebuildStream(name: string, stream: StreamName, by: string): Promise<StreamRebuildStatus> {
    const asked = await askStreamRebuild(this.context, this.supervisor(name), stream, by);
    this.look();
    return asked;
  }

  /** How the latest rebuild of a stream went; `undefined` where there was none, or it was long ago. Throws `NotFound` for the projection. */
  async streamRebuild(name: string, stream: StreamName): Promise<StreamRebuildStatus | undefined> {
    return streamRebuildIn(await this.supervisor(name).read(), stream);
  }

  /** How a rebuild goes, by the id of its generation. */
  async rebuildStatus(id: string): Promise<RebuildStatus | undefined> {
    const generation = await this.context.connection.generations.generation(id);
    return generation && this.statusOf(generation);
  }

  /** How all rebuilds of the projections known here go, the latest first; the first build of a version counts as one. */
  async rebuilds(): Promise<RebuildStatus[]> {
    const { connection } = this.context;
    const definitions = [...this.supervisors.values()].map(({ definition }) => definition);
    const known = await Promise.all(
      definitions.map(({ name, version }) => connection.generations.generations(name, version)),
    );
    return known
      .flat()
      .sort((left, right) => right.startedAt.getTime() - left.startedAt.getTime())
      .map((generation) => this.statusOf(generation));
  }

  /** Asks for the end of a rebuild; what it stored is dropped. Answers false when it is not running. */
  cancelRebuild(id: string): Promise<boolean> {
    return this.changeBuild(id, () => this.context.connection.generations.requestCancel(id));
  }

  /** Holds a rebuild back until it is resumed, restarts included; it keeps what it has built. Answers false when it is not running. */
  pauseRebuild(id: string): Promise<boolean> {
    return this.changeBuild(id, () => this.context.connection.generations.pauseBuild(id, true));
  }

  /** Lets it go on where it stood. Answers false when it is not running. */
  resumeRebuild(id: string): Promise<boolean> {
    return this.changeBuild(id, () => this.context.connection.generations.pauseBuild(id, false));
  }

  /**
   * Says how many events of the history a rebuild may apply a second, from now on; `undefined`: as many as it can. Answers false when it is not
   * running; throws `ConfigurationError` for a number below 1.
   */
  async throttleRebuild(id: string, eventsPerSecond: number | undefined): Promise<boolean> {
    if (eventsPerSecond !== undefined) insistOnThrottle(eventsPerSecond);
    return this.changeBuild(id, () => this.context.connection.generations.throttleBuild(id, eventsPerSecond));
  }

  /**
   * Stops the feeding of a projection, in all processes within about a second and in all its versions and builds, until it is resumed, restarts
   * included. Its documents stay readable as they are, and processes stay ready. Again is once. Throws `NotFound`.
   */
  async pause(name: string, by: string): Promise<void> {
    const { connection, logger } = this.context;
    this.supervisor(name);
    if (!(await connection.generations.pause(name, by))) throw new NotFound('projection', name);
    logger.info('A projection is paused.', { projection: name, by });
    this.look();
  }

  /** Lets it go on where it stood: nothing is lost meanwhile. Throws `NotFound`. */
  async resume(name: string, by: string): Promise<void> {
    const { connection, logger } = this.context;
    this.supervisor(name);
    if (!(await connection.generations.resume(name))) throw new NotFound('projection', name);
    logger.info('A projection goes on.', { projection: name, by });
    this.look();
  }

  /** The processes that said they are there, each with what it has compiled; those that are not alive any more included, until they are forgotten. */
  nodes(): Promise<readonly NodeRecord[]> {
    return this.context.connection.nodes.list();
  }

  /** How much of the past the live feed (MongoDB: the oplog) still has; `undefined` where the store does not tell this process. Throws `StoreUnavailable`. */
  feedHeadroom(): Promise<FeedHeadroom | undefined> {
    return headroomOf(this.context);
  }

  /** Events that could not be applied, each with the stream behind it, of the live and building generations and of the handlers known here. */
  deadLetters(query: DeadLetterQuery = {}): Promise<DeadLetterPage> {
    return this.letters.list(query);
  }

  /** One of them; `undefined` when its stream waits no longer. */
  deadLetter(id: string): Promise<DeadLetter | undefined> {
    return this.letters.find(id);
  }

  /**
   * Asks the owner of the stream's partition to apply what waits, in order; it does within about a second, and what fails again stays a dead letter,
   * with one more attempt. A later request takes the place of one that is not executed yet. Throws `NotFound`.
   */
  retryDeadLetter(id: string, by: string): Promise<DeadLetter> {
    return this.letters.request(id, 'retry', by);
  }

  /** The same, leaving out for good the one event that fails now. */
  discardDeadLetter(id: string, by: string): Promise<DeadLetter> {
    return this.letters.request(id, 'discard', by);
  }

  /** The topics of this process's transport. */
  get topicNames(): readonly string[] {
    return this.context.transport?.topics.map(({ name }) => name) ?? [];
  }

  /**
   * Messages of a topic that were refused on arrival, by all who read it, the oldest first, each with the dead letter whose stream waits behind it. Takes
   * some seconds, as each join of a broker does. Throws `NotFound` for a topic that the transport does not have, and `TransportUnavailable` (repeat later).
   */
  refusedMessages(topic: string, query: RefusedMessagesQuery = {}): Promise<RefusedMessagesPage> {
    return this.refusals().list(topic, query);
  }

  /**
   * Asks for another try of all that waits behind messages of a topic which were refused, in this process's projections: the owner of each stream applies
   * it in order, within about a second, and what is still refused stays parked, with one more attempt. What was no commit at all has nothing behind it, and
   * is read again by a rebuild only. Throws `NotFound` for a topic that the transport does not have.
   */
  redriveRefused(topic: string, by: string): Promise<RefusedRedrive> {
    return this.refusals().redrive(topic, by);
  }

  private refusals(): RefusedMessages {
    const projections = [...this.supervisors.values()].map(({ definition: { name, source } }) => ({
      name,
      topic: source?.topic,
    }));
    return new RefusedMessages(this.context, this.letters, projections);
  }

  /** The registry may have changed, here or elsewhere. */
  protected abstract look(): void;

  /** Throws `NotFound`. */
  protected supervisor(name: string): ProjectionSupervisor {
    const supervisor = this.supervisors.get(name);
    if (supervisor === undefined) throw new NotFound('projection', name);
    return supervisor;
  }

  private statusOf(generation: Generation): RebuildStatus {
    const trouble = this.supervisors.get(generation.projection)?.troubleOf(generation);
    return rebuildStatusOf(generation, this.context.environment.now(), trouble);
  }

  private async changeBuild(id: string, change: () => Promise<boolean>): Promise<boolean> {
    const generation = await this.context.connection.generations.generation(id);
    const isDone = generation !== undefined && (await change());
    this.look();
    return isDone;
  }
}
