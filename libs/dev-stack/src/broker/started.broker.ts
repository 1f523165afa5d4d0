import type { TcpProxy } from '../faults/tcp-proxy.js';
import { Watchdog, type WatchdogDuty } from '../process/watchdog.js';
import { BrokerProcess } from './broker.process.js';
import type { BrokerSettings } from './broker-properties.js';
import type { KafkaRuntime } from './format-storage.js';
import type { KafkaBroker } from './kafka-broker.js';

/** What a started broker is made of. @internal */
export interface StartedBrokerOptions {
  readonly kind: 'ephemeral' | 'persistent';
  readonly runtime: KafkaRuntime;
  readonly settings: BrokerSettings;
  readonly proxy?: TcpProxy;
  readonly duty: WatchdogDuty;
}

/** The process of one broker under its watchdog. @internal */
export class StartedBroker implements KafkaBroker {
  readonly kind: 'ephemeral' | 'persistent';
  readonly proxy: TcpProxy | undefined;
  readonly #watchdog: Watchdog;
  readonly #process: BrokerProcess;
  readonly #graceMs: number;
  #stopping: Promise<void> | undefined;

  private constructor({ kind, runtime, settings, proxy, duty }: StartedBrokerOptions) {
    this.kind = kind;
    this.proxy = proxy;
    this.#graceMs = duty.graceMs;
    this.#watchdog = new Watchdog(duty);
    this.#process = new BrokerProcess(runtime, settings, this.#watchdog);
  }

  /** Starts it; on a failure nothing of it stays behind. */
  static async start(options: StartedBrokerOptions): Promise<StartedBroker> {
    const broker = new StartedBroker(options);
    try {
      await broker.#process.start();
      return broker;
    } catch (error) {
      await broker.stop();
      throw error;
    }
  }

  get brokers(): string[] {
    return [this.#process.host];
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get log(): string {
    return this.#process.log;
  }

  get dataFolder(): string {
    return this.#process.dataFolder;
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    await this.#process.end(signal);
  }

  async restart(): Promise<void> {
    await this.#process.end('SIGKILL');
    await this.#process.start();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    await this.proxy?.stop();
    await (this.#graceMs > 0 ? this.#process.shutDown(this.#graceMs) : this.#process.end('SIGKILL'));
    await this.#watchdog.dismiss();
  }
}
