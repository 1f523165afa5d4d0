import { availableParallelism } from 'node:os';

/** Times and sizes of the engine, with their defaults: `defaultSettings`. Times are milliseconds. */
export interface EngineSettings {
  /** How long a lease lasts without renewal: after a crash another process takes over at the latest 2 s after that. Default 10,000. */
  readonly leaseMs: number;
  /** How often a process asks for a lease that another one holds. Default 1,000. */
  readonly leasePollMs: number;
  /** Into how many partitions a generation is divided whose projection has slicing 'stream', where its rebuild does not say another number; 1 to 1,024. Default 4. */
  readonly partitions: number;
  /** How long a quiet follower keeps its place unsaved; half of it is chance. Default 20,000. */
  readonly idleSaveMs: number;
  /** How long a place stays unsaved that moved past events of others. Default 1,000. */
  readonly skipSaveMs: number;
  /** Events a live batch takes at most, when much is waiting. Default 20,000. */
  readonly liveEvents: number;
  /** Events a batch of history takes at most, save for what shares one time; documents any batch takes, fewer where the store is slow. Defaults 10,000 and 5,000. */
  readonly historyEvents: number;
  readonly historyDocuments: number;
  /**
   * Bytes that the data of a batch's events take in memory at most, about, save for what may not be cut; partitions and threads of one process share it. In
   * memory is a batch that is written, and one that is folded, each some times that. Default 16 MB.
   */
  readonly batchBytes: number;
  /**
   * Worker threads on which documents of `slicing: 'stream'` projections are loaded; 0 keeps that on the main thread. Default: one a core but for
   * that of the main thread, at least one, at most eight.
   */
  readonly loadThreads: number;
  /** Commits that a range of such a load holds, about: what is handed to one thread at a time; there are at most 32 ranges. Default 25,000. */
  readonly loadRangeCommits: number;
  /** How often a failing event is applied before its stream is parked. Default 5. */
  readonly attempts: number;
  /** How many streams of a projection may be parked within a minute; at the next one it stops. Default 100. */
  readonly quarantineStreams: number;
  /** How often the owner of a partition looks for requests to retry or discard, while a stream is parked. Default 1,000. */
  readonly requestPollMs: number;
  /** The first pause after a failure, and the longest one; pauses double, half of each is chance. Defaults 100 and 30,000. */
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  /** The longest pause of a relay whose broker is away: so long it may stand still after the broker is back. Default 2,000. */
  readonly relayBackoffMaxMs: number;
  /**
   * How long after a batch has left a relay gathers what comes, so that it leaves together: one commit alone leaves at once, as does a backlog. Default 10; 0
   * sends each as soon as the broker has acknowledged the one before, which at some hundreds a second takes twice the broker's and this process's time.
   */
  readonly relayLingerMs: number;
  /** The longest pause of an events handler. Default 60,000. */
  readonly handlerBackoffMaxMs: number;
  /**
   * How often an events handler is given a failing event by itself: `attempts` times while all wait, then, while only its stream waits, with growing
   * pauses; after that on request. Default 20: about ten minutes.
   */
  readonly handlerAttempts: number;
  /** How long a call of an events handler may take before it counts as failed. Default 60,000. */
  readonly handlerTimeoutMs: number;
  /** How long the former generation stays readable and is fed on after a swap, so that a rollback shows all of it. Default 60,000. */
  readonly graceMs: number;
  /**
   * How long a version of a projection is kept that no process uses any more: on the way back to an older build its documents are caught up, not built anew.
   * Default 86,400,000, a day: keeping costs disk only, and a roll-back that has to rebuild first is an outage.
   */
  readonly versionKeepMs: number;
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
  partitions: 4,
  idleSaveMs: 20_000,
  skipSaveMs: 1_000,
  liveEvents: 20_000,
  historyEvents: 10_000,
  historyDocuments: 5_000,
  batchBytes: 16 * 1024 * 1024,
  loadThreads: Math.min(8, Math.max(1, availableParallelism() - 1)),
  loadRangeCommits: 25_000,
  attempts: 5,
  quarantineStreams: 100,
  requestPollMs: 1_000,
  backoffMs: 100,
  backoffMaxMs: 30_000,
  relayBackoffMaxMs: 2_000,
  relayLingerMs: 10,
  handlerBackoffMaxMs: 60_000,
  handlerAttempts: 20,
  handlerTimeoutMs: 60_000,
  graceMs: 60_000,
  versionKeepMs: 86_400_000,
  swapMs: 2_000,
  heartbeatMs: 5_000,
  drainMs: 5_000,
};
