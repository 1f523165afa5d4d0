import type { Environment, EventTypes, Logger, StoreConnection } from '@nestfold/core';
import type { EngineSettings } from '../engine/engine-settings.js';

/** What everything in an engine works with. */
export interface EngineContext {
  readonly connection: StoreConnection;
  readonly types: EventTypes;
  readonly environment: Environment;
  readonly logger: Logger;
  readonly settings: EngineSettings;
}
