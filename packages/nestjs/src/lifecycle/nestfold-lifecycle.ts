import { hostname } from 'node:os';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import {
  AggregateRepository,
  type Ctor,
  type Environment,
  type Logger,
  type StoreConnection,
  type TransportConnection,
} from '@nestfold/core';
import { ProjectionEngine, type EngineNode } from '@nestfold/projections';
import { MessageGate } from '../bus/message-gate.js';
import { NestfoldExplorer } from '../discovery/nestfold-explorer.js';
import { ContextualRepository } from '../injection/contextual-repository.js';
import { environmentOf, rolesOf } from '../module/option-defaults.js';
import { MODULE_OPTIONS_TOKEN } from '../module/nestfold-module-definition.js';
import type { NestfoldOptions } from '../module/nestfold-options.js';
import { assemble, type Assembly } from '../start/assemble.js';
import { connectWithin } from './connect.js';
import { nestLogger } from './nest-logger.js';
import { RuntimeState, type RuntimeParts } from './runtime-state.js';

const CLOSE_TRANSPORT_MS = 3_000;

/**
 * Start: check everything, connect, and (when all modules have initialised) run the engine. End: not ready, take no
 * more messages, let those in flight end, stop the engine, and close the store once the server is closed. One class with all hooks, since
 * their order between classes differs from one version of Nest to the next.
 */
@Injectable()
export class NestfoldLifecycle
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly environment: Environment;
  private readonly logger: Logger;
  private parts: RuntimeParts | undefined;

  constructor(
    private readonly explorer: NestfoldExplorer,
    private readonly state: RuntimeState,
    private readonly gate: MessageGate,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: NestfoldOptions,
  ) {
    this.environment = environmentOf(options);
    this.logger = options.logger ?? nestLogger();
  }

  async onModuleInit(): Promise<void> {
    const { environment, logger, options } = this;
    const assembly = assemble(
      this.explorer.explore(),
      options,
      (aggregate) => new ContextualRepository(aggregate, () => this.state.repository(aggregate)),
    );
    const connect = { environment, logger, ...(options.codec && { codec: options.codec }) };
    const connection = await connectWithin(options.store, connect, options.connectWithinMs ?? 30_000);
    try {
      const transport = await options.transports?.[0]?.connect({ environment, logger });
      this.parts = this.build(assembly, connection, transport);
    } catch (error) {
      await connection.close();
      throw error;
    }
    this.state.begin(this.parts);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.parts === undefined) return;
    try {
      await this.parts.engine.start();
    } catch (error) {
      // A failed start may not be followed by any other hook: leave nothing open.
      await this.stopEngine();
      await this.closeStore();
      throw error;
    }
    // A shutdown may have begun meanwhile.
    if (this.state.phase === 'starting') this.state.phase = 'running';
  }

  onModuleDestroy(): void {
    if (this.state.phase !== 'stopped') this.state.phase = 'draining';
  }

  async beforeApplicationShutdown(): Promise<void> {
    const left = await this.gate.drain(this.options.drainMs ?? 10_000, this.environment);
    if (left > 0)
      this.logger.warn('Messages are still in flight at the end of the drain: their callers will not hear of them.', {
        left,
      });
    await this.stopEngine();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.closeStore();
  }

  private build(
    { types, aggregates, projections, handlers, publications, commands, queries }: Assembly,
    connection: StoreConnection,
    transport: TransportConnection | undefined,
  ): RuntimeParts {
    const { environment, logger, options } = this;
    const { events, snapshots } = connection;
    const repositories = aggregates.map(({ aggregate }): [Ctor<object>, AggregateRepository<object>] => [
      aggregate,
      new AggregateRepository(aggregate, { events, snapshots, types, environment, logger, retry: options.retry }),
    ]);
    const engine = new ProjectionEngine({
      connection,
      projections,
      handlers,
      publications,
      types,
      environment,
      logger,
      node: this.describeNode(commands.messages.map(({ name }) => name)),
      ...(transport && { transport }),
      ...(options.engine && { settings: options.engine }),
    });
    return {
      connection,
      ...(transport && { transport }),
      engine,
      types,
      aggregates,
      repositories: new Map(repositories),
      commands,
      queries,
    };
  }

  private describeNode(commands: readonly string[]): EngineNode {
    const { environment, options } = this;
    return {
      id: environment.uuid(),
      host: hostname(),
      pid: process.pid,
      build: options.build ?? 'unnamed',
      roles: rolesOf(options),
      commands: rolesOf(options).includes('commands') ? [...commands].sort() : [],
    };
  }

  private async stopEngine(): Promise<void> {
    try {
      await this.parts?.engine.stop();
    } catch (error) {
      this.logger.error('The engine did not stop cleanly; its leases will expire.', { error });
    }
  }

  /** A broker that is away does not hold up a shutdown. */
  private async closeTransport({ transport }: RuntimeParts): Promise<void> {
    if (transport === undefined) return;
    const closed = new AbortController();
    const closing = transport
      .close()
      .catch((error: unknown) => this.logger.debug('The transport did not close cleanly.', { error: String(error) }))
      .finally(() => closed.abort());
    await Promise.race([closing, this.environment.sleep(CLOSE_TRANSPORT_MS, closed.signal)]);
  }

  private async closeStore(): Promise<void> {
    const { parts } = this;
    this.parts = undefined;
    this.state.end();
    if (parts === undefined) return;
    await Promise.all([...parts.repositories.values()].map((repository) => repository.idle()));
    await this.closeTransport(parts);
    await parts.connection.close();
  }
}
