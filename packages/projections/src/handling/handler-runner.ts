import {
  isEventFromNewerBuild,
  isNestfoldError,
  StoreUnavailable,
  type EventEnvelope,
  type ParkedError,
  type StoreTime,
} from '@nestfold/core';
import { EngineStopped } from '../engine/engine-stopped.error.js';
import type { RegisteredHandler } from '../engine/engine-options.js';
import { Backoff } from '../running/backoff.js';
import { Superseded } from '../running/batch-committer.js';
import type { EngineContext } from '../running/engine-context.js';
import { knownSchemas, needOf } from '../running/event-needs.js';
import { HeldPartition, PartitionLost } from '../running/held-partition.js';
import { handlerKey } from '../running/keys.js';
import { firstPositionOf } from './first-position.js';
import { HandlerConsumer } from './handler-consumer.js';

/** What a handler is doing in this process: `elsewhere` while another one runs it. */
export type HandlerState = 'starting' | 'running' | 'retrying' | 'elsewhere' | 'waiting' | 'stopped';

/** The last failure of a handler. */
export interface HandlerTrouble {
  readonly event?: string;
  readonly attempts: number;
  readonly code: string;
  readonly message: string;
}

const SWEEP_MS = 60_000;

/** Runs one events handler from this process, whenever it can get the lease. */
export class HandlerRunner {
  private readonly stopping = new AbortController();
  private readonly owner: string;
  private readonly knows: readonly string[];
  private running: Promise<void> | undefined;
  private current: HandlerState = 'starting';
  private reached: StoreTime | undefined;
  private failure: HandlerTrouble | undefined;
  private sweptAt: number;

  constructor(
    private readonly context: EngineContext,
    private readonly registered: RegisteredHandler,
  ) {
    this.owner = context.environment.uuid();
    this.knows = knownSchemas(registered.definition.events);
    this.sweptAt = context.environment.now();
  }

  get name(): string {
    return this.registered.definition.name;
  }

  get key(): string {
    return handlerKey(this.name);
  }

  get state(): HandlerState {
    return this.current;
  }

  get trouble(): HandlerTrouble | undefined {
    return this.failure;
  }

  /** Up to where everything is handled, while this process runs the handler. */
  get time(): StoreTime | undefined {
    return this.current === 'running' ? this.reached : undefined;
  }

  /**
   * Records where the handler begins, if its name is new: from then on no event is missed, whoever runs it. Throws `ConfigurationError` for a
   * start in the future, `StoreUnavailable` when another process holds the name without recording it, and `EngineStopped`.
   */
  async register(): Promise<void> {
    const { connection, environment, settings } = this.context;
    const deadline = environment.now() + 2 * settings.leaseMs;
    while (!this.stopping.signal.aborted && environment.now() < deadline) {
      if ((await connection.checkpoints.find(this.key))?.position !== undefined) return;
      const first = await firstPositionOf(this.registered.definition, connection.feed);
      if (await this.record(first)) return;
      await environment.sleep(settings.leasePollMs, this.stopping.signal);
    }
    if (this.stopping.signal.aborted) throw new EngineStopped();
    throw new StoreUnavailable(
      `The start of the events handler '${this.name}' could not be recorded: another process holds its lease.`,
    );
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Lets the call in flight end, saves, frees the lease. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Answers whether the handler's place is stored by now. */
  private async record({ position, floor }: Awaited<ReturnType<typeof firstPositionOf>>): Promise<boolean> {
    const held = await HeldPartition.take(this.context, this.key, this.owner);
    if (held === undefined) return false;
    try {
      return held.stored.position !== undefined || (await held.save(position, floor));
    } finally {
      await held.release();
    }
  }

  private async run(): Promise<void> {
    const { environment, settings, logger } = this.context;
    const backoff = new Backoff(environment, settings.backoffMs, settings.backoffMaxMs);
    while (!this.stopping.signal.aborted) {
      try {
        await this.attempt();
        backoff.reset();
      } catch (error) {
        if (!(error instanceof PartitionLost) && !(error instanceof Superseded)) {
          this.current = 'retrying';
          this.failure = { attempts: backoff.attempts + 1, ...describe(error) };
          logger.warn('An events handler was interrupted and begins again.', {
            handler: this.name,
            error: String(error),
          });
        }
        await backoff.pause(this.stopping.signal);
      }
    }
    this.current = 'stopped';
  }

  private async attempt(): Promise<void> {
    const { settings, environment, logger } = this.context;
    const held = await HeldPartition.take(this.context, this.key, this.owner, this.knows);
    if (held === undefined) {
      const [lease] = await this.context.connection.leases.findAll([this.key]);
      this.current = lease?.needs === undefined ? 'elsewhere' : 'waiting';
      await environment.sleep(settings.leasePollMs * (0.5 + 0.5 * environment.random()), this.stopping.signal);
      return;
    }
    try {
      this.current = 'running';
      const signal = AbortSignal.any([this.stopping.signal, held.signal]);
      await new HandlerConsumer(this.context, this.registered, held, signal, {
        moved: (time) => void this.moved(held, time),
        failed: (event, attempts, error) => this.failed(event, attempts, error),
        parked: ({ stream, error }) => this.parked(stream, error),
        succeeded: () => this.recovered(),
      }).run();
    } catch (error) {
      if (!isEventFromNewerBuild(error)) throw error;
      this.current = 'waiting';
      this.failure = { attempts: 1, ...describe(error) };
      logger.warn('An events handler waits for a newer build.', { handler: this.name, error: error.message });
      await held.release(needOf(error));
      await environment.sleep(settings.heartbeatMs, this.stopping.signal);
    } finally {
      await held.release();
    }
  }

  private moved({ key, stored }: HeldPartition, time: StoreTime | undefined): void {
    this.recovered();
    this.reached = time;
    const now = this.context.environment.now();
    if (stored.floor === undefined || now - this.sweptAt < SWEEP_MS) return;
    this.sweptAt = now;
    this.context.connection.checkpoints.sweep(key, stored.floor).catch((error: unknown) => {
      this.context.logger.debug('Watermarks were not swept.', { key, error: String(error) });
    });
  }

  private parked(stream: string, error: ParkedError): void {
    this.recovered();
    this.context.logger.error('A stream is parked behind an event that a handler could not handle.', {
      handler: this.name,
      stream,
      ...error,
    });
  }

  private recovered(): void {
    this.current = 'running';
    this.failure = undefined;
  }

  private failed(event: EventEnvelope, attempts: number, error: unknown): void {
    this.current = 'retrying';
    this.failure = { event: event.id, attempts, ...describe(error) };
    this.context.logger.warn('An events handler failed and tries again.', { handler: this.name, ...this.failure });
  }
}

function describe(error: unknown): { readonly code: string; readonly message: string } {
  return {
    code: isNestfoldError(error) ? error.code : 'events-handler.failed',
    message: error instanceof Error ? error.message : String(error),
  };
}
