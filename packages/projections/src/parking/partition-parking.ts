import { parkedStreamId, type ParkedStream, type StreamName } from '@nestfold/core';
import type { OnPoison } from '../definition/projection.decorator.js';
import type { HeldStreams } from '../running/batch-source.js';
import type { EngineContext } from '../running/engine-context.js';
import { Insurmountable } from '../running/failure.js';
import { heard } from '../running/until-aborted.js';
import { parkedErrorOf } from './parked-record.js';
import { QuarantineFull } from './quarantine-full.error.js';

/** Whose streams are parked, and how. */
export interface PartitionParkingOptions {
  /** The generation's id, or `handler:<name>`. */
  readonly consumer: string;
  /** The projection's or the handler's name. */
  readonly name: string;
  readonly onPoison: OnPoison;
  /** The key of the partition that a stream belongs to, whose owner executes what is asked of it. */
  readonly keyOf: (stream: StreamName) => string;
  /** The code of a failure for which the framework knows none; `projection.failed` by default. */
  readonly failedCode?: string;
}

const MINUTE_MS = 60_000;
const COUNTED_MS = 1_000;

/**
 * The parked streams of one consumer as the owner of a partition sees them. What is stored is changed by the owner's batches only; `load` looks
 * at it again wherever that may have gone otherwise than was thought.
 */
export class PartitionParking implements HeldStreams {
  private streams = new Map<StreamName, ParkedStream>();
  /** Parked by a batch that is not stored yet. */
  private readonly coming = new Map<StreamName, ParkedStream>();
  private counted: { readonly at: number; readonly parked: number } | undefined;
  private since = 0;
  private lookedAt = 0;
  private loading: Promise<readonly ParkedStream[]> | undefined;

  constructor(
    private readonly context: EngineContext,
    private readonly options: PartitionParkingOptions,
  ) {}

  /** Begins what the next `load` is to answer. Only once the partition is claimed: until then its former owner may park. */
  begin(): void {
    this.loading ??= heard(this.find());
  }

  async load(): Promise<void> {
    const loading = this.loading ?? this.find();
    this.loading = undefined;
    const all = await loading;
    this.streams = new Map(all.map((one) => [one.stream, one]));
    this.coming.clear();
    this.counted = undefined;
  }

  private find(): Promise<readonly ParkedStream[]> {
    return this.context.connection.parked.find(this.options.consumer);
  }

  of(stream: StreamName): ParkedStream | undefined {
    return this.streams.get(stream) ?? this.coming.get(stream);
  }

  /** All of them, as far as this owner parked or loaded them. */
  get all(): readonly ParkedStream[] {
    return [...this.streams.values()];
  }

  /** Notes what a batch has stored. */
  note(parked: ParkedStream): void {
    this.streams.set(parked.stream, parked);
    this.coming.delete(parked.stream);
  }

  /** Notes that a stream waits no longer. */
  forget({ stream }: Pick<ParkedStream, 'stream'>): void {
    this.streams.delete(stream);
  }

  async park(failure: Insurmountable): Promise<ParkedStream> {
    const parked = await this.recordOf(failure);
    this.coming.set(parked.stream, parked);
    return parked;
  }

  /**
   * The record with which the failing event's stream is to be parked. Throws the failure itself where it names no commit or the projection is to halt,
   * and `Insurmountable` for `QuarantineFull`.
   */
  async recordOf(failure: Insurmountable): Promise<ParkedStream> {
    const { environment, settings } = this.context;
    const { consumer, name, onPoison, keyOf, failedCode } = this.options;
    const { cause, event, from } = failure;
    if (onPoison === 'halt' || event === undefined || from === undefined) throw failure;
    const now = environment.now();
    if ((await this.lately(now)) >= settings.quarantineStreams)
      throw new Insurmountable(new QuarantineFull(consumer, settings.quarantineStreams, cause), event, from);
    const at = new Date(now);
    const { stream, firstVersion, events } = from;
    const failing = events[Number(event.slice(event.lastIndexOf(':') + 1)) - firstVersion];
    const error = parkedErrorOf(cause, event, failing?.type, failedCode);
    this.since += 1;
    const applied = firstVersion - 1;
    return {
      id: parkedStreamId(consumer, stream),
      consumer,
      name,
      stream,
      key: keyOf(stream),
      applied,
      seen: applied,
      error,
      attempts: 1,
      history: [{ at, error }],
      at,
    };
  }

  /** How many streams were parked within the last minute, by other owners as of a second ago. */
  private async lately(now: number): Promise<number> {
    if (this.counted === undefined || now - this.counted.at >= COUNTED_MS) {
      const { consumer } = this.options;
      const { parked } = await this.context.connection.parked.summary(consumer, new Date(now - MINUTE_MS));
      this.counted = { at: now, parked };
      this.since = this.coming.size;
    }
    return this.counted.parked + this.since;
  }

  /** Whether it is time to look for what operators asked of parked streams: now and then, and only while one is parked. */
  isDue(): boolean {
    const { environment, settings } = this.context;
    const now = environment.now();
    if (this.streams.size === 0 || now - this.lookedAt < settings.requestPollMs) return false;
    this.lookedAt = now;
    return true;
  }
}
