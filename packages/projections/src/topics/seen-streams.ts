import type { StreamName, Watermark } from '@nestfold/core';

/** How far a stream was taken; `isExact` where no later commit of it can have been passed over unnoticed. */
export interface Seen {
  readonly version: number;
  readonly isExact: boolean;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What is remembered at least; what goes beyond twice of it is asked for again. */
const REMEMBERED = 100_000;

/**
 * Up to which version each stream was taken: by what this owner took itself, else by the watermarks. Those name only what was applied, so a later
 * commit of other types may have been taken before; and of a partition that was begun here, every stream is known that there is.
 */
export class SeenStreams {
  private streams = new Map<StreamName, Writable<Seen>>();
  /** Those that were not met since `streams` was begun. */
  private older = new Map<StreamName, Writable<Seen>>();

  constructor(
    private readonly watermarks: (streams: readonly StreamName[]) => Promise<ReadonlyMap<StreamName, Watermark>>,
    /** Nothing was ever taken before: what is not remembered was not seen. */
    private isWhole: boolean,
  ) {}

  /** Looks up what is not known of some streams, at one go. */
  async learn(streams: () => Iterable<StreamName>): Promise<void> {
    if (this.isWhole) return;
    const unknown = [...new Set(streams())].filter((stream) => this.known(stream) === undefined);
    if (unknown.length === 0) return;
    const marks = await this.watermarks(unknown);
    for (const stream of unknown) this.streams.set(stream, { version: marks.get(stream)?.seen ?? 0, isExact: false });
  }

  of(stream: StreamName): Seen {
    return this.known(stream) ?? { version: 0, isExact: this.isWhole };
  }

  note(stream: StreamName, version: number): void {
    const known = this.streams.get(stream);
    if (known === undefined) return void this.streams.set(stream, { version, isExact: true });
    // In place: another one for each commit would live until the collector has moved it twice.
    known.version = version;
    known.isExact = true;
  }

  private known(stream: StreamName): Seen | undefined {
    return this.streams.get(stream) ?? this.older.get(stream);
  }

  /** Only between two stretches: what was learned for one is needed until its end. */
  forgetOldest(): void {
    if (this.streams.size < REMEMBERED) return;
    if (this.older.size > 0) this.isWhole = false;
    this.older = this.streams;
    this.streams = new Map();
  }
}
