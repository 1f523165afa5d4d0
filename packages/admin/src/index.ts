// The public surface of @nestfold/admin, listed by hand.
export { AdminModule } from './module/admin.module.js';
export type { AdminOptions } from './module/admin-options.js';
export { FailureDto, ProjectionDto } from './projections/projection.dto.js';
export { RebuildDto } from './rebuilds/rebuild.dto.js';
export { StreamDto, StreamEventDto, StreamStateDto } from './streams/stream.dto.js';
export { NodeDto } from './nodes/node.dto.js';
