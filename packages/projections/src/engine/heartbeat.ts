import type { NodeDescription, ProjectionVersion } from '@nestfold/core';
import type { EngineContext } from '../running/engine-context.js';

/** Says at regular times that this process is alive, and which versions it uses, so that these are kept. */
export class Heartbeat {
  private beating: Promise<void> | undefined;
  private end: (() => void) | undefined;
  private lastAt = 0;

  constructor(
    private readonly context: EngineContext,
    private readonly node: NodeDescription,
    private readonly used: () => readonly ProjectionVersion[],
    private readonly onBeat: () => void,
  ) {}

  /** When it last succeeded, by this process's clock. */
  get at(): number {
    return this.lastAt;
  }

  /** Says which versions are used, and nothing else yet; throws what the store throws. */
  async name(): Promise<void> {
    const { connection, settings } = this.context;
    await connection.generations.name(this.used(), settings.versionKeepMs);
  }

  /** Once; throws what the store throws. Versions are named before anything is read of them: what is named is not dropped. */
  async beat(): Promise<void> {
    const { connection, environment } = this.context;
    await connection.nodes.beat(this.node);
    await this.name();
    this.lastAt = environment.now();
    this.onBeat();
  }

  /** From now on again and again, until it is stopped. */
  start(): void {
    const { environment, settings, logger } = this.context;
    this.end = environment.every(settings.heartbeatMs, () => {
      this.beating = this.beat().catch((error: unknown) =>
        logger.warn('This process could not say that it is alive.', { error: String(error) }),
      );
    });
  }

  stop(): void {
    this.end?.();
  }

  /** Says good-bye. */
  async leave(): Promise<void> {
    // A heartbeat on its way would bring back the node that has just left.
    await Promise.allSettled([this.beating]);
    await this.context.connection.nodes.leave(this.node.id);
  }
}
