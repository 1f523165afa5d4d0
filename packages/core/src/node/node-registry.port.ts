/** What a process says of itself. */
export interface NodeDescription {
  /** A fresh UUID per process start. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** The build's name, such as a version or a commit hash. */
  readonly build: string;
  readonly roles: readonly string[];
  /** Compiled versions of each projection, by name. */
  readonly projections: Readonly<Record<string, number>>;
  /** Compiled schema versions of each event type. */
  readonly events: Readonly<Record<string, number>>;
  readonly commands: readonly string[];
}

/** A process as others see it. */
export interface NodeRecord extends NodeDescription {
  readonly startedAt: Date;
  /** The store's clock at its last heartbeat. */
  readonly seenAt: Date;
  /** False when it has missed its heartbeats for 30 s, by the store's clock. */
  readonly alive: boolean;
}

/** Heartbeats of processes, by the store's clock. */
export interface NodeRegistry {
  beat(node: NodeDescription): Promise<void>;
  leave(id: string): Promise<void>;
  list(): Promise<readonly NodeRecord[]>;
}
