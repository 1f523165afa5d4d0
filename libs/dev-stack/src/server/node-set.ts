import { MongodProcess } from './mongod.process.js';
import type { MongodSettings } from './mongod-arguments.js';
import type { MongoNode, MongoServer } from './mongo-server.js';
import { createUser } from './access-control.js';
import { findPrimary, formReplicaSet, replicaSetUri, waitUntilServing } from './replica-set.js';
import { Watchdog, type WatchdogDuty } from '../process/watchdog.js';

/** What a set of started nodes is made of. @internal */
export interface NodeSetOptions {
  readonly kind: 'ephemeral' | 'persistent';
  readonly binary: string;
  readonly nodes: readonly MongodSettings[];
  readonly electionTimeoutMillis: number;
  /** What stands in the key file of the nodes, where they have one: with it whoever starts them is one of them. */
  readonly key?: string;
  readonly duty: WatchdogDuty;
}

const ROOT = { username: 'root', password: 'secret' };

/** The mongod processes of one replica set under one watchdog. @internal */
export class NodeSet implements MongoServer {
  readonly kind: 'ephemeral' | 'persistent';
  readonly uri: string;
  readonly #watchdog: Watchdog;
  readonly #processes: readonly MongodProcess[];
  readonly #graceMs: number;
  #stopping: Promise<void> | undefined;

  private constructor(options: NodeSetOptions) {
    this.kind = options.kind;
    this.#graceMs = options.duty.graceMs;
    this.#watchdog = new Watchdog(options.duty);
    this.#processes = options.nodes.map((settings) => new MongodProcess(options.binary, settings, this.#watchdog));
    this.uri = replicaSetUri(this.#hosts, options.key === undefined ? undefined : ROOT);
  }

  /** Starts all nodes and forms the set; on a failure nothing of it stays behind. */
  static async start(options: NodeSetOptions): Promise<NodeSet> {
    const set = new NodeSet(options);
    try {
      // All outcomes are awaited: a node that is spawned after the clean-up would have no watchdog.
      const starts = await Promise.allSettled(set.#processes.map((process) => process.start()));
      const failed = starts.find((start) => start.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      await formReplicaSet(set.#hosts, options.electionTimeoutMillis, options.key);
      if (options.key !== undefined) await createUser(replicaSetUri(set.#hosts), options.key, ROOT);
      return set;
    } catch (error) {
      await set.stop();
      throw error;
    }
  }

  get nodes(): readonly MongoNode[] {
    return this.#processes.map(({ pid, settings: { port, dataFolder } }) => ({ pid, port, dataFolder }));
  }

  async primary(): Promise<number | undefined> {
    const running = this.#processes.filter((process) => process.pid !== undefined);
    const host = await findPrimary(running.map((process) => process.host));
    return host === undefined ? undefined : this.#hosts.indexOf(host);
  }

  async kill(index: number, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    await this.#at(index).end(signal);
  }

  async restart(index: number): Promise<void> {
    const process = this.#at(index);
    await process.end('SIGKILL');
    await process.start();
    await waitUntilServing(process.host);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    await Promise.all(
      this.#processes.map((process) => (this.#graceMs > 0 ? process.shutDown(this.#graceMs) : process.end('SIGKILL'))),
    );
    await this.#watchdog.dismiss();
  }

  get #hosts(): string[] {
    return this.#processes.map((process) => process.host);
  }

  #at(index: number): MongodProcess {
    const process = this.#processes[index];
    if (process === undefined) throw new RangeError(`No node ${index}: the set has ${this.#processes.length}`);
    return process;
  }
}
