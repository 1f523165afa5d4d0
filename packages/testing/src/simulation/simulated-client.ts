import {
  isAppendContention,
  isAppendOutcomeUnknown,
  isStoreOverloaded,
  isStoreUnavailable,
  isStreamConflict,
  statedVersion,
  type CommitReceipt,
  type EventTypes,
  type ExpectedVersion,
  type NewEvent,
  type StoreConnection,
  type StreamAppend,
  type StreamSlice,
} from '@nestfold/core';
import { eventIdOf } from '../history/final-log.js';
import type { ExpectedLength } from '../history/history.js';
import type { HistoryRecorder, PendingAppend } from '../history/history-recorder.js';
import type { Chance } from './chance.js';
import type { Scenario } from './scenario.js';
import type { SimulatedProcess } from './simulated-process.js';

const ATTEMPTS = 4;

/** A client: reads streams, decides, appends, and writes down what it was told. Lives as long as its process does. */
export class SimulatedClient {
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly process: SimulatedProcess,
    private readonly connection: StoreConnection,
    private readonly scenario: Scenario,
    private readonly history: HistoryRecorder,
    private readonly chance: Chance,
    private readonly pauseMs: number,
    /** The events of its build: clients are deployed too. */
    private readonly types: () => EventTypes,
    /** Hears of what was acknowledged. */
    private readonly onAppended: (receipt: CommitReceipt, events: readonly NewEvent[]) => void,
  ) {}

  /** Goes on until `isOver`. */
  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await this.process.environment.sleep(this.chance.between(0, 2 * this.pauseMs));
      if (isOver()) return;
      // Few streams, and one of them hot: clients are to meet.
      const stream = this.chance.happens(0.3) ? this.scenario.streams.at(-1)! : this.chance.pick(this.scenario.streams);
      const slice = await this.read(stream);
      if (slice !== undefined && this.chance.happens(0.85)) await this.append(slice);
    }
  }

  private async read(stream: string): Promise<StreamSlice | undefined> {
    const pending = this.history.read(stream);
    try {
      const slice = await this.connection.events.read(stream);
      const events = slice.commits.flatMap(({ id, events: some }) => some.map((_, index) => eventIdOf(id, index)));
      pending.ok({ length: slice.version.version, events });
      this.seen.set(stream, slice.version.version);
      return slice;
    } catch (error) {
      if (isStoreUnavailable(error)) return undefined;
      throw error;
    }
  }

  private async append({ stream, version }: StreamSlice): Promise<void> {
    const { events } = this.scenario.next(stream, version.version, this.seen, this.chance, this.types());
    const commitId = this.chance.uuid();
    const [expected, recorded] = this.expectation(version.version, version);
    const ids = events.map((_, index) => eventIdOf(commitId, index));
    const pending = this.history.append(stream, recorded, ids);
    await this.send({ stream, expected, events, commitId, metadata: { correlationId: '', causationId: '' } }, pending);
  }

  /** Sends until the outcome is known, or the patience is over: then it stays unknown. */
  private async send(append: StreamAppend, pending: PendingAppend): Promise<void> {
    let isUnknown = false;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      try {
        const [receipt] = await this.connection.events.append([append]);
        if (receipt === undefined) throw new Error('An append was acknowledged without a receipt.');
        this.seen.set(append.stream, receipt.version);
        pending.ok(receipt.version);
        return this.onAppended(receipt, append.events);
      } catch (error) {
        // What is still under way from an earlier attempt meets the same conflict, if it names a version.
        const isCertain = !isUnknown || typeof append.expected === 'object' || append.expected === 'noStream';
        if (isStreamConflict(error)) return isCertain ? pending.fail(true) : undefined;
        if (isAppendOutcomeUnknown(error)) isUnknown = true;
        else if (!isAppendContention(error) && !isStoreOverloaded(error)) throw error;
      }
      await this.process.environment.sleep(this.chance.between(5, 100));
    }
    if (!isUnknown) pending.fail();
  }

  private expectation(version: number, loaded: ExpectedVersion): [ExpectedVersion, ExpectedLength] {
    const lot = this.chance.number();
    if (version === 0) return lot < 0.5 ? ['noStream', 0] : [loaded, 0];
    if (lot < 0.2) return ['any', 'any'];
    if (lot < 0.35) return ['streamExists', 'exists'];
    return lot < 0.5 ? [statedVersion(version), version] : [loaded, version];
  }
}
