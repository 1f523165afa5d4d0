import { vi } from 'vitest';
import { AggregateRoot } from '../aggregate/aggregate-root.js';
import { Aggregate } from '../aggregate/aggregate.decorator.js';
import { Apply } from '../aggregate/apply.decorator.js';
import { EventContext } from '../context/event-context.js';
import { createMessageContext, type MessageContext } from '../context/message-context.js';
import type { Environment } from '../environment/environment.port.js';
import { DomainEvent } from '../event/domain-event.decorator.js';
import { EventTypes } from '../event/event-types.js';
import { commandIdOf } from '../identity/message-identity.js';
import { inMemory } from '../in-memory/in-memory.adapter.js';
import type { StoreConnection } from '../store/store-adapter.port.js';
import { AggregateRepository } from './aggregate-repository.js';
import type { RepositoryOptions } from './repository-options.js';

@DomainEvent('counter.added')
export class Added {
  by!: number;
}
@DomainEvent('counter.named')
export class Named {
  name!: string;
}

export class CounterState {
  sum = 0;
  name?: string;
  history: { version: number; occurredAt: Date; recordedAt: Date }[] = [];

  describe(): string {
    return `${this.name ?? 'unnamed'}: ${this.sum}`;
  }
}

@Aggregate('counter', { state: CounterState, events: [Added, Named], snapshotEvery: 5 })
export class Counter extends AggregateRoot<CounterState> {
  get sum(): number {
    return this.state.sum;
  }

  add(by: number): void {
    this.require(by > 0, 'counter.not-positive');
    this.emit(Added, { by });
  }

  name(name: string): void {
    if (this.state.name !== name) this.emit(Named, { name });
  }

  @Apply(Added)
  protected added(event: Added, { version, occurredAt, recordedAt }: EventContext): void {
    this.state.sum += event.by;
    this.state.history.push({ version, occurredAt, recordedAt });
  }

  @Apply(Named)
  protected named({ name }: Named): void {
    this.state.name = name;
  }
}

export const counterTypes = EventTypes.of([Added, Named]);

/** A clock that only sleeping moves, and chance that is always the middle. */
export class VirtualEnvironment implements Environment {
  time = 1_700_000_000_000;
  readonly slept: number[] = [];
  private ids = 0;

  now(): number {
    return this.time;
  }

  random(): number {
    return 0.5;
  }

  uuid(): string {
    this.ids += 1;
    return `00000000-0000-4000-8000-${String(this.ids).padStart(12, '0')}`;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.time += milliseconds;
  }

  every(): () => void {
    throw new Error('A repository does nothing periodically.');
  }
}

/** Everything that a test of a repository looks at. */
export interface Bench {
  readonly connection: StoreConnection;
  readonly environment: VirtualEnvironment;
  readonly logger: {
    debug: () => void;
    info: () => void;
    warn: ReturnType<typeof vi.fn>;
    error: ReturnType<typeof vi.fn>;
  };
  readonly repository: AggregateRepository<Counter>;
  /** Another process's repository over the same store. */
  another(options?: Partial<RepositoryOptions>): AggregateRepository<Counter>;
}

export async function bench(options: Partial<RepositoryOptions> = {}): Promise<Bench> {
  const environment = new VirtualEnvironment();
  const logger = { debug: () => {}, info: () => {}, warn: vi.fn(), error: vi.fn() };
  const connection = await inMemory().connect({ environment, logger });
  const { events, snapshots } = connection;
  const another = (more: Partial<RepositoryOptions> = {}): AggregateRepository<Counter> =>
    new AggregateRepository(Counter, {
      events,
      snapshots,
      types: counterTypes,
      environment,
      logger,
      ...options,
      ...more,
    });
  return { connection, environment, logger, repository: another(), another };
}

/** The handling of a message that was sent with a key. */
export function keyed(key: string, bodyHash = 'body'): MessageContext {
  return createMessageContext({
    messageId: commandIdOf('tester', 'Add', key),
    messageType: 'Add',
    keyed: true,
    bodyHash,
  });
}
