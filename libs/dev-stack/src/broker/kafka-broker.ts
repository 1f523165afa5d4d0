import type { TcpProxy } from '../faults/tcp-proxy.js';

/** A running Kafka of one broker, and the grip to end it. @publicApi */
export interface KafkaBroker {
  /** Addresses for a client. */
  readonly brokers: string[];
  /** `existing`: found by `KAFKA_BROKERS`, not started by us. */
  readonly kind: 'existing' | 'ephemeral' | 'persistent';
  /** Id of its process; `undefined` while it does not run, and for an existing one. */
  readonly pid: number | undefined;
  /** File with what the broker says; it begins anew with each start. `undefined` for an existing one. */
  readonly log: string | undefined;
  /** Folder with its data. `undefined` for an existing one. */
  readonly dataFolder: string | undefined;
  /** The way in that can lose replies, where `proxied` was asked for: clients that are given `proxy.address` stay on it. */
  readonly proxy: TcpProxy | undefined;
  /** Ends the broker with the signal (default `SIGKILL`) and returns when it is gone. */
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Starts it again on its port and with its data (kills it first if it runs); returns when it serves. */
  restart(): Promise<void>;
  /** Ends it; deletes ephemeral data, closes kept data cleanly. Does nothing to an existing one. */
  stop(): Promise<void>;
}

/** A topic that is to be there. @publicApi */
export interface KafkaTopic {
  readonly name: string;
  /** How many partitions it is made with; one that is there stays as it is. Default: 1. */
  readonly partitions?: number;
}
