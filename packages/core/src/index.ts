// The public surface of @nestfold/core, listed by hand.
export type { AnyFunction, Ctor, Data, Type } from './data/type.js';
export type { NonPlain, Plain } from './data/plain.js';
export { Decimal } from './data/decimal.js';

export { categoryOf, categoryProblem, idOf, streamName, type StreamName } from './stream/stream-name.js';
export { furthest, hasReached } from './checkpoint/position.js';
export { StreamTurns } from './stream/stream-turns.js';
export { isInSlices, partitionOf, sliceOf, sliceRange, SLICES, type SliceRange } from './stream/slice.js';
export {
  describeExpected,
  loadedVersion,
  statedVersion,
  type ExpectedVersion,
  type LoadedVersion,
  type StatedVersion,
} from './stream/expected-version.js';

export {
  envelopesOf,
  lastVersionOf,
  type Commit,
  type EventEnvelope,
  type NewEvent,
  type StoredEvent,
} from './event/event.js';
export type { Actor, Metadata } from './event/metadata.js';
export {
  DomainEvent,
  eventDefinitionOf,
  findEventDefinition,
  type EventDefinition,
} from './event/domain-event.decorator.js';
export { IntegrationEvent, type IntegrationEventOptions } from './event/integration-event.decorator.js';
export { EventTypes, type EventJudgement } from './event/event-types.js';
export { upcasts, type UpcasterChain } from './event/upcaster.js';
export { methodProblems } from './metadata/method-problems.js';
export { assertPlain, plainCopy, plainEventData } from './event/plain-data.js';

export type { ResultOf } from './message/result.js';
export { Command } from './command/command.js';
export { CommandBus } from './command/command-bus.port.js';
export type { CommandOptions, MessageOptions } from './command/command-options.js';
export type { CommandReceipt, NotAppliedReason } from './command/command-receipt.js';
export { Query } from './query/query.js';
export { QueryBus } from './query/query-bus.port.js';

export {
  EventContext,
  HandlerContext,
  CommittedEventContext,
  type CommitCircumstances,
} from './context/event-context.js';
export {
  createMessageContext,
  metadataOf,
  type MessageContext,
  type MessageDescription,
} from './context/message-context.js';
export { currentContext, runInContext } from './context/current-context.js';
export { bodyHashOf } from './identity/body-hash.js';
export { commandIdOf } from './identity/message-identity.js';
export { isUuid, uuidV5 } from './identity/uuid.js';

export { AggregateRoot, type StateOf } from './aggregate/aggregate-root.js';
export { Aggregate, type AggregateOptions } from './aggregate/aggregate.decorator.js';
export { Apply } from './aggregate/apply.decorator.js';
export { Handle, type HandleDefinition, type HandleOn } from './aggregate/handle.decorator.js';
export { aggregateDefinitionOf, type AggregateDefinition, type FoldStep } from './aggregate/aggregate-definition.js';
export { blank, rehydrate, type FoldOptions, type FoldStart, type Rehydrated } from './aggregate/rehydrate.js';
export { decide } from './aggregate/decide.js';
export {
  Repository,
  type LoadedAggregate,
  type LoadOptions,
  type NotPromise,
  type WriteOptions,
} from './repository/repository.js';
export { AggregateRepository } from './repository/aggregate-repository.js';
export type { RepositoryOptions } from './repository/repository-options.js';
export { Process, type Effect } from './process-manager/process.js';
export {
  Compensate,
  ProcessManager,
  StartOn,
  type Compensation,
  type ProcessManagerOptions,
  type ProcessStart,
} from './process-manager/process-manager.decorator.js';
export {
  isProcessManager,
  processManagerDefinitionOf,
  type ProcessManagerDefinition,
} from './process-manager/process-manager-definition.js';
export type { RetryBudget } from './repository/retry-budget.js';

export type { AppendOptions, Claim, CommitReceipt, InlineWrite, StreamAppend, StreamVersion } from './store/append.js';
export type { EventStore, ReadRange, StoreCapability, StreamSlice } from './store/event-store.port.js';
export type { ConnectOptions, StoreAdapter, StoreConnection, WorkerConnection } from './store/store-adapter.port.js';
export type { Snapshot, SnapshotStore } from './snapshot/snapshot-store.port.js';
export { decodePayloads } from './codec/decode-payloads.js';
export type { CodecItem, PayloadCodec } from './codec/payload-codec.port.js';

export { counterOf, minusSeconds, secondsOf, storeTime, type StoreTime } from './feed/store-time.js';
export type {
  ChangeFeed,
  FeedBatch,
  FeedReach,
  FeedStart,
  FeedSubscription,
  HistoryRange,
  RecentRange,
  Lateness,
  LiveCommit,
  NextOptions,
  StreamPlace,
  StreamRange,
} from './feed/change-feed.port.js';
export type { FeedPosition } from './feed/feed-position.js';
export type { Lease, LeaseRequest, LeaseStore, ReleaseOptions, StandingLease } from './lease/lease.port.js';
export type {
  Checkpoint,
  LastSeen,
  Position,
  StorePosition,
  TopicPosition,
  Watermark,
} from './checkpoint/checkpoint.js';
export type { Batch, BatchOutcome, BatchWriter, CheckpointStore } from './checkpoint/checkpoint.port.js';
export {
  parkedStreamId,
  type ParkedAttempt,
  type ParkedError,
  type ParkedRequest,
  type ParkedStream,
} from './parking/parked-stream.js';
export type {
  HeldCommit,
  ParkedChanges,
  ParkedQuery,
  ParkedStreamStore,
  ParkedSummary,
} from './parking/parked-stream-store.port.js';
export type { DocumentChange, StoredDocument } from './read-model/document-change.js';
export type { ReadModelIndex } from './read-model/read-model-index.js';
export type { ReadModelStore, ReadModelWriter } from './read-model/read-model.port.js';
export type { Condition, FieldTest, ReadQuery } from './read-model/read-query.js';
export type {
  Generation,
  GenerationFailure,
  GenerationProgress,
  GenerationState,
  HeldToken,
  LoadPlan,
  LoadRange,
  ProjectionPause,
  ProjectionVersion,
  RegistryEntry,
  Swap,
  PendingSwap,
  ProgressPart,
} from './generation/generation.js';
export type { GenerationRegistry, NewGeneration } from './generation/generation-registry.port.js';
export { sameAgain } from './generation/same-again.js';
export {
  STREAM_REBUILDS,
  type StreamRebuild,
  type StreamRebuildEnd,
  type StreamRebuildRequest,
} from './generation/stream-rebuild.js';
export type { NodeDescription, NodeRecord, NodeRegistry } from './node/node-registry.port.js';

export type { Environment } from './environment/environment.port.js';
export { systemEnvironment } from './environment/system.environment.js';
export { silentLogger, type Logger } from './logging/logger.port.js';

export { hasCode, isNestfoldError, NestfoldError, type RetryAdvice } from './error/nestfold.error.js';
export { ConfigurationError, isConfigurationError } from './error/configuration.error.js';
export {
  DomainRejection,
  InvalidMessage,
  isDomainRejection,
  isInvalidMessage,
} from './error/domain-rejection.error.js';
export {
  AggregateNotFound,
  AppendContention,
  AppendOutcomeUnknown,
  ClaimTaken,
  CommandKeyReused,
  CommitTooLarge,
  EventFromNewerBuild,
  InvalidEvent,
  isAggregateNotFound,
  isAppendContention,
  isAppendOutcomeUnknown,
  isClaimTaken,
  isCommandKeyReused,
  isCommitTooLarge,
  isEventFromNewerBuild,
  isInvalidEvent,
  isStoreOverloaded,
  isStoreUnavailable,
  isStreamConflict,
  isUnsupportedCapability,
  StoreOverloaded,
  StoreUnavailable,
  StreamConflict,
  UnsupportedCapability,
} from './error/store.errors.js';
export {
  ChangeRefused,
  DocumentExists,
  FedByAnotherStream,
  FeedGap,
  FeedHistoryLost,
  isChangeRefused,
  isDocumentExists,
  isFedByAnotherStream,
  isFeedGap,
  isFeedHistoryLost,
  isNotFound,
  isProjectionFailed,
  isRebuildRunning,
  NotFound,
  ProjectionFailed,
  RebuildRunning,
} from './error/read-side.errors.js';

export {
  isTopicCut,
  isTopicReplaced,
  isTransportUnavailable,
  TopicCut,
  TopicReplaced,
  TransportUnavailable,
} from './error/transport.errors.js';

export { isCarried, type TopicDefinition, type TopicSource } from './transport/topic.js';
export type { RelayedCommit, RelayMark, TopicMessage } from './transport/relayed-commit.js';
export type {
  EventTransport,
  KeptMessage,
  PartitionReach,
  RefusedMessage,
  RefusedPage,
  RefusedQuery,
  TopicBatch,
  TopicReader,
  TopicSubscription,
  TransportConnection,
  TransportOptions,
} from './transport/event-transport.port.js';

export { inMemoryTransport, InMemoryBroker } from './in-memory/in-memory-transport.js';
export { inMemory, type InMemoryOptions } from './in-memory/in-memory.adapter.js';
export { InMemoryDatabase } from './in-memory/in-memory-database.js';
