import { EventFromNewerBuild, type EventEnvelope } from '@nestfold/core';
import type { RegisteredHandler } from '../engine/engine-options.js';
import { copyOf } from '../fold/storable.js';
import type { EngineContext } from '../running/engine-context.js';
import { PartitionLost, type HeldPartition } from '../running/held-partition.js';
import { callHandler } from './call-handler.js';

/** Calls one handler with events while its lease is surely held. */
export class EventDelivery {
  private readonly wanted: ReadonlySet<string>;

  constructor(
    private readonly context: EngineContext,
    private readonly registered: RegisteredHandler,
    private readonly held: HeldPartition,
    private readonly signal: AbortSignal,
  ) {
    this.wanted = new Set(registered.definition.events.map(({ name }) => name));
  }

  get name(): string {
    return this.registered.definition.name;
  }

  get types(): readonly string[] {
    return [...this.wanted];
  }

  isWanted({ type }: EventEnvelope): boolean {
    return this.wanted.has(type);
  }

  /** One attempt. Throws `PartitionLost`, `EventFromNewerBuild`, and what the handler throws. */
  async attempt(event: EventEnvelope, attempt: number): Promise<void> {
    const { types } = this.context;
    const { definition, instance } = this.registered;
    if (types.judge(event.type, event.schema) === 'newer')
      throw new EventFromNewerBuild(event.stream, event.type, event.schema);
    // No fence holds back a side effect: an owner that is not sure any more does nothing.
    if (this.signal.aborted || !this.held.isHeldFor(0))
      throw new PartitionLost(`'${this.held.key}' is being given up.`);
    // A copy: upcasters and handlers may change it, and others follow the same feed.
    const revived = types.revive({ ...event, data: copyOf(event.data) }, event.id);
    await callHandler(this.context, { name: definition.name, instance, event, revived, attempt });
  }
}
