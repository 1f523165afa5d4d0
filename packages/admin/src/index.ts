// The public surface of @nestfold/admin, listed by hand.
export { AdminModule } from './module/admin.module.js';
export type { AdminOptions } from './module/admin-options.js';
export { FailureDto, PartitionDto, PauseDto, ProjectionDto } from './projections/projection.dto.js';
export { RelayDto, RelayErrorDto } from './relays/relay.dto.js';
export { RefusedMessageDto, RefusedPageDto, RefusedRedriveDto } from './topics/refused.dto.js';
export { RebuildDto } from './rebuilds/rebuild.dto.js';
export { StreamRebuildDto, StreamRebuildErrorDto } from './stream-rebuilds/stream-rebuild.dto.js';
export { StreamDto, StreamEventDto, StreamStateDto } from './streams/stream.dto.js';
export {
  DeadLetterAttemptDto,
  DeadLetterDto,
  DeadLetterErrorDto,
  DeadLetterPageDto,
  DeadLetterRequestDto,
} from './dead-letters/dead-letter.dto.js';
export { FeedDto } from './feed/feed.dto.js';
export { RebuildBody, ThrottleBody } from './requests/rebuild.bodies.js';
export { NodeDto } from './nodes/node.dto.js';
