/** One mongod of a started set. @publicApi */
export interface MongoNode {
  readonly port: number;
  /** `undefined` while the node does not run. */
  readonly pid: number | undefined;
  /** Folder with the node's data; `mongod.log` lies beside it. */
  readonly dataFolder: string;
}

/** A running MongoDB, and the grip to end it. @publicApi */
export interface MongoServer {
  /** Address for `MongoClient`; transactions and change streams work with it. */
  readonly uri: string;
  /** `existing`: found by `MONGODB_URI`, not started by us. */
  readonly kind: 'existing' | 'ephemeral' | 'persistent';
  /** The started nodes; empty for an existing server. */
  readonly nodes: readonly MongoNode[];
  /** Index of the node that is primary, or `undefined` while there is none. */
  primary(): Promise<number | undefined>;
  /** Ends one node with the signal (default `SIGKILL`) and returns when it is gone. */
  kill(index: number, signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Starts a node again on its port and with its data (kills it first if it runs); returns when it serves reads. */
  restart(index: number): Promise<void>;
  /** Ends all nodes; deletes ephemeral data, closes kept data cleanly. Does nothing to an existing server. */
  stop(): Promise<void>;
}
