// The public surface of @nestfold/projections, listed by hand.
export { intentOf, type Fields, type Write, type WriteIntent } from './definition/write.js';
export { writes, type Amounts, type Changes, type Match, type NewValues, type Writes } from './definition/writes.js';
export type {
  ConditionPath,
  ConditionValue,
  ElementOf,
  FieldPath,
  PathsTo,
  PathValue,
} from './definition/field-path.js';
export {
  readModelDefinitionOf,
  ReadModelDocument,
  type ReadModelDefinition,
} from './definition/read-model-document.decorator.js';
export { On, type OnDecorator, type Prefetched } from './definition/on.decorator.js';
export {
  Projection,
  type Mode,
  type OnPoison,
  type ProjectionOptions,
  type Slicing,
} from './definition/projection.decorator.js';
export {
  isProjection,
  projectionDefinitionOf,
  type PrefetchDefinition,
  type ProjectionDefinition,
  type ProjectionHandler,
} from './definition/projection-definition.js';
export {
  EventsHandler,
  eventsHandlerDefinitionOf,
  isEventsHandler,
  type EventHandler,
  type EventsHandlerDefinition,
  type EventsHandlerOptions,
  type StartFrom,
} from './definition/events-handler.decorator.js';

export { FeedTooShort, isLateCommit, LateCommit } from './following/following.errors.js';
export { isLoadThreadFailed, LoadThreadFailed } from './loading/load-thread.errors.js';
export { ProjectionFold } from './fold/projection-fold.js';
export type { FoldBatch } from './fold/fold-batch.js';
export type { Collections } from './fold/overlay.js';

export type { Find, ReadModel, Where } from './reading/read-model.js';
export { isReadModelNotReady, ReadModelNotReady } from './reading/read-model-not-ready.error.js';

export type { DeadLetter, DeadLetterPage, DeadLetterQuery } from './parking/dead-letter.js';
export { isQuarantineFull, QuarantineFull } from './parking/quarantine-full.error.js';

export type { WaitOptions, WaitOutcome, WaitTarget } from './waiting/wait-for.js';

export { Publish, Publishes } from './publishing/publishes.decorator.js';
export {
  isPublication,
  publicationDefinitionOf,
  type Mapping,
  type PublicationDefinition,
} from './publishing/publication-definition.js';
export { PublicationFailed } from './publishing/published-commit.js';
export type {
  RefusedMessagesPage,
  RefusedMessagesQuery,
  RefusedRedrive,
  RefusedTopicMessage,
} from './topics/refused-messages.js';
export type { RelayStatus } from './relaying/relay-status.js';
export { ProjectionEngine } from './engine/projection-engine.js';
export { EngineOperations } from './engine/engine-operations.js';
export type { FeedHeadroom } from './engine/feed-headroom.js';
export { EngineStopped, isEngineStopped } from './engine/engine-stopped.error.js';
export type { Readiness } from './engine/readiness.js';
export { isNotSettled, NotSettled } from './engine/not-settled.error.js';
export type { EngineNode, ProjectionEngineOptions, RegisteredHandler } from './engine/engine-options.js';
export { defaultSettings, type EngineSettings } from './engine/engine-settings.js';
export type {
  EventsHandlerStatus,
  PartitionStatus,
  ProjectionState,
  ProjectionStatus,
} from './engine/projection-status.js';
export type { RebuildOptions } from './engine/rebuild-options.js';
export { isRollbackRefused, RollbackRefused, type Lag } from './rebuilding/rollback-refused.error.js';
export type { RebuildState, RebuildStatus } from './engine/rebuild-status.js';
export type { StreamRebuildStatus } from './stream-rebuild/ask-stream-rebuild.js';
export { isStreamRebuildRefused, StreamRebuildRefused } from './stream-rebuild/stream-rebuild-refused.error.js';
