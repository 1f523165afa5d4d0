import type { Environment } from '../environment/environment.port.js';
import type { EventTypes } from '../event/event-types.js';
import type { Logger } from '../logging/logger.port.js';
import type { SnapshotStore } from '../snapshot/snapshot-store.port.js';
import type { EventStore } from '../store/event-store.port.js';
import type { RetryBudget } from './retry-budget.js';

/** What a repository works with. */
export interface RepositoryOptions {
  readonly events: EventStore;
  readonly snapshots: SnapshotStore;
  /** Must know the aggregate's events, and those of other builds as far as they are to be told from unknown ones. */
  readonly types: EventTypes;
  readonly environment: Environment;
  /** Silent by default. */
  readonly logger?: Logger | undefined;
  readonly retry?: RetryBudget | undefined;
}
