import type { Environment, EventTypes, Logger, StoreConnection, TransportConnection } from '@nestfold/core';
import type { EngineSettings } from '../engine/engine-settings.js';
import type { Waiters } from '../waiting/waiters.js';
import type { KnownNodes } from './known-nodes.js';

/** What everything in an engine works with. */
export interface EngineContext {
  readonly connection: StoreConnection;
  readonly types: EventTypes;
  readonly environment: Environment;
  readonly logger: Logger;
  readonly settings: EngineSettings;
  /** What carries commits between services; missing where nothing is sent or read that way. */
  readonly transport?: TransportConnection;
  /** The processes among which partitions are shared. */
  readonly nodes: KnownNodes;
  /** Who waits for what this process applies. */
  readonly waiters: Waiters;
}
