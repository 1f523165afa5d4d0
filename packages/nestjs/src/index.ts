// The public surface of @nestfold/nestjs, listed by hand.
export { NestfoldModule } from './module/nestfold.module.js';
export type { NestfoldOptions, Role } from './module/nestfold-options.js';
export type { FeatureOptions } from './module/feature.js';

export { CommandHandler } from './handler/command-handler.decorator.js';
export { QueryHandler } from './handler/query-handler.decorator.js';
export { InjectReadModel } from './injection/inject-read-model.decorator.js';
export { InjectRepository } from './injection/inject-repository.decorator.js';

export { Nestfold } from './lifecycle/nestfold.js';
export { NestfoldHealth } from './lifecycle/nestfold-health.js';
export { isRoleMissing, isShuttingDown, RoleMissing, ShuttingDown } from './bus/bus-errors.js';
export { currentActor, currentCorrelationId } from './context/correlation.js';

export { NestfoldHttpModule } from './http/nestfold-http.module.js';
export type { NestfoldHttpOptions } from './http/http-options.js';
export { ProblemFilter } from './http/problem.filter.js';
export { RequestContextInterceptor } from './http/request-context.interceptor.js';
export { keepsRules } from './validation/keeps-rules.js';
export { nestfoldValidation } from './validation/nestfold-validation.pipe.js';
export { problemOf } from './http/problem-of.js';
export type { Problem } from './http/problem.js';
export { etagOf } from './http/etag.js';

// What handlers, projections and controllers are written with, so that they need one import. Domain files import
// @nestfold/core itself: they do not know Nest.
export {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  CommandBus,
  currentContext,
  Decimal,
  DomainEvent,
  DomainRejection,
  EventContext,
  Handle,
  HandlerContext,
  inMemory,
  InvalidMessage,
  NotFound,
  Query,
  QueryBus,
  Repository,
  upcasts,
  type Actor,
  type CommandOptions,
  type CommandReceipt,
  type MessageContext,
  type MessageOptions,
  type NotAppliedReason,
} from '@nestfold/core';
export {
  EventsHandler,
  On,
  Projection,
  ReadModelDocument,
  writes,
  type Readiness,
  type ReadModel,
  type WaitOptions,
  type WaitOutcome,
  type WaitTarget,
} from '@nestfold/projections';
