import type { StreamName, Watermark } from '@nestfold/core';

/** How far a stream was taken; `isExact` where no later commit of it can have been passed over unnoticed. */
export interface Seen {
  readonly version: number;
  readonly isExact: boolean;
}

/** What is remembered; what goes beyond is asked for again. */
const REMEMBERED = 200_000;

/**
 * Up to which version each stream was taken: by what this owner took itself, else by the watermarks. Those name only what was applied, so a later
 * commit of other types may have been taken before; and of a partition that was begun here, every stream is known that there is.
 */
export class SeenStreams {
  private readonly streams = new Map<StreamName, Seen>();

  constructor(
    private readonly watermarks: (streams: readonly StreamName[]) => Promise<ReadonlyMap<StreamName, Watermark>>,
    /** Nothing was ever taken before: what is not remembered was not seen. */
    private isWhole: boolean,
  ) {}

  /** Looks up what is not known of some streams, at one go. */
  async learn(streams: Iterable<StreamName>): Promise<void> {
    if (this.isWhole) return;
    const unknown = [...new Set(streams)].filter((stream) => !this.streams.has(stream));
    if (unknown.length === 0) return;
    const marks = await this.watermarks(unknown);
    for (const stream of unknown) this.put(stream, { version: marks.get(stream)?.seen ?? 0, isExact: false });
  }

  of(stream: StreamName): Seen {
    return this.streams.get(stream) ?? { version: 0, isExact: this.isWhole };
  }

  note(stream: StreamName, version: number): void {
    this.put(stream, { version, isExact: true });
  }

  private put(stream: StreamName, seen: Seen): void {
    this.streams.delete(stream);
    this.streams.set(stream, seen);
  }

  /** Only between two stretches: what was learned for one is needed until its end. */
  forgetOldest(): void {
    for (const stream of this.streams.keys()) {
      if (this.streams.size <= REMEMBERED) return;
      this.streams.delete(stream);
      this.isWhole = false;
    }
  }
}
