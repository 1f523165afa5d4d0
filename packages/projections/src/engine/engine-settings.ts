/** Times and sizes of the engine, with their defaults: `defaultSettings`. Times are milliseconds. */
export interface EngineSettings {
  /** How long a lease lasts without renewal: after a crash another process takes over at the latest 2 s after that. Default 10,000. */
  readonly leaseMs: number;
  /** How often a process asks for a lease that another one holds. Default 1,000. */
  readonly leasePollMs: number;
  /** How long a quiet follower keeps its place unsaved; half of it is chance. Default 20,000. */
  readonly idleSaveMs: number;
  /** How long a place stays unsaved that moved past events of others. Default 1,000. */
  readonly skipSaveMs: number;
  /** Events a live batch takes at most, when much is waiting. Default 50,000. */
  readonly liveEvents: number;
  /** Events a batch of history takes at most, save for what shares one time; documents any batch takes, fewer where the store is slow. Defaults 50,000 and 25,000. */
  readonly historyEvents: number;
  readonly historyDocuments: number;
  /** How often a failing event is applied before the projection stops. Default 5. */
  readonly attempts: number;
  /** The first pause after a failure, and the longest one; pauses double, half of each is chance. Defaults 100 and 30,000. */
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  /** The longest pause of an events handler. Default 60,000. */
  readonly handlerBackoffMaxMs: number;
  /** How long a call of an events handler may take before it counts as failed. Default 60,000. */
  readonly handlerTimeoutMs: number;
  /** How long the former generation stays readable after a swap. Default 60,000. */
  readonly graceMs: number;
  /** How long the live generation may be held for a swap before it is handed back. Default 2,000. */
  readonly swapMs: number;
  /** How often this process says that it is alive, and looks for changes that no listener told of. Default 5,000. */
  readonly heartbeatMs: number;
  /** How long a stop waits for batches and handlers in flight. Default 5,000. */
  readonly drainMs: number;
}

/** The settings that hold where none are given. */
export const defaultSettings: EngineSettings = {
  leaseMs: 10_000,
  leasePollMs: 1_000,
  idleSaveMs: 20_000,
  skipSaveMs: 1_000,
  liveEvents: 50_000,
  historyEvents: 50_000,
  historyDocuments: 25_000,
  attempts: 5,
  backoffMs: 100,
  backoffMaxMs: 30_000,
  handlerBackoffMaxMs: 60_000,
  handlerTimeoutMs: 60_000,
  graceMs: 60_000,
  swapMs: 2_000,
  heartbeatMs: 5_000,
  drainMs: 5_000,
};
