import { CommittedEventContext, EventFromNewerBuild, type EventEnvelope, type EventTypes } from '@nestfold/core';
import type { ProjectionDefinition, ProjectionHandler } from '../definition/projection-definition.js';
import type { Slicing } from '../definition/projection.decorator.js';
import type { ReadModelDefinition } from '../definition/read-model-document.decorator.js';
import { FoldBatch, type Folding } from './fold-batch.js';
import type { Collections } from './overlay.js';
import { plainSteps } from './plain-steps.js';
import { stepsOf, type Step } from './step.js';
import { copyOf } from './storable.js';

/**
 * Folds events into the documents of one generation of a projection: `begin` a batch, `add` events in order, `apply` it.
 * Pure but for the writer that is handed to `apply`, so tests use it with any `ReadModelWriter`.
 */
export class ProjectionFold implements Folding {
  private readonly models: ReadonlyMap<unknown, ReadModelDefinition>;
  private readonly schemas: ReadonlyMap<string, number>;

  constructor(
    private readonly definition: ProjectionDefinition,
    private readonly types: EventTypes,
    readonly collections: Collections,
    /** As the generation was begun: it is fed so to its end. */
    readonly slicing: Slicing = definition.slicing,
  ) {
    this.models = new Map(definition.readModels.map((model) => [model.model, model]));
    this.schemas = new Map(definition.events.map(({ name, version }) => [name, version]));
  }

  /** Whether a batch is written before its checkpoint. */
  get isPlain(): boolean {
    return this.definition.mode === 'plain';
  }

  begin(): FoldBatch {
    return new FoldBatch(this);
  }

  handlersOf({ type, schema, stream }: EventEnvelope): readonly ProjectionHandler[] {
    const handlers = this.definition.handlers.get(type) ?? [];
    if (handlers.length > 0 && this.types.judge(type, schema) === 'newer' && !this.isForeign(type))
      throw new EventFromNewerBuild(stream, type, schema);
    return handlers;
  }

  /** Anybody may have written any version into a topic: no newer build of ours need ever come, so it is parked like what cannot be read. */
  private isForeign(type: string): boolean {
    return this.definition.source !== undefined && this.types.isIntegration(type);
  }

  /** Upcasters may change data, which other followers of the feed hold too: they get a copy. */
  revive(event: EventEnvelope): object {
    const isCurrent = this.schemas.get(event.type) === event.schema;
    return this.types.revive(isCurrent ? event : { ...event, data: copyOf(event.data) }, event.id);
  }

  call(handler: ProjectionHandler, event: EventEnvelope, revived: object, documents: object): readonly Step[] {
    const context = Object.assign(new CommittedEventContext(event, event.version), documents);
    const steps = stepsOf(handler.handle(revived, context), this.models);
    if (this.slicing === 'stream') insistOnOneDocument(handler, steps);
    return this.isPlain ? plainSteps(handler.method, steps) : steps;
  }
}

/** What looks at documents of other streams would find them as chance left them. */
function insistOnOneDocument({ method, prefetch }: ProjectionHandler, steps: readonly Step[]): void {
  const looks = prefetch.length > 0 ? "asks for documents in 'with'" : 'writes with patchWhere';
  if (prefetch.length > 0 || steps.some(({ kind }) => kind === 'patchWhere'))
    throw new TypeError(
      `${method} ${looks}, which touches documents of other streams: with slicing 'stream' those are applied in parallel. Use slicing 'single', and a new version.`,
    );
}
