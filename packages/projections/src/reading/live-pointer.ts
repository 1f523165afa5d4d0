import type { Environment, Generation, GenerationRegistry } from '@nestfold/core';
import { ReadModelNotReady } from './read-model-not-ready.error.js';

/** Which generation is live, and when that was looked up. */
interface Known {
  readonly generation: Generation;
  readonly at: number;
}

/**
 * The live generation of one projection version, kept in memory: looked up anew after each change of the registry, and when it is older
 * than `maxAgeMs`. That is far less than the grace in which a former generation stays, so what it names is always there.
 */
export class LivePointer {
  private known: Known | undefined;
  private asking: Promise<Known> | undefined;
  private changes = 0;

  constructor(
    private readonly registry: GenerationRegistry,
    private readonly environment: Environment,
    private readonly projection: string,
    private readonly version: number,
    private readonly maxAgeMs: number,
  ) {}

  /** To be called after each change of the registry. */
  forget(): void {
    this.changes += 1;
    this.known = undefined;
    this.asking = undefined;
  }

  /**
   * Calls `read` with the live generation; again when it took so long that the generation may have been dropped meanwhile: a stale name
   * would read as empty. Throws `ReadModelNotReady` before the first generation is live.
   */
  async with<R>(read: (generation: Generation) => Promise<R>): Promise<R> {
    for (;;) {
      const { generation, at } = await this.current();
      const answer = await read(generation);
      if (this.environment.now() - at < 2 * this.maxAgeMs) return answer;
      if ((await this.lookUp()).generation.id === generation.id) return answer;
    }
  }

  private current(): Promise<Known> | Known {
    if (this.known !== undefined && this.environment.now() - this.known.at < this.maxAgeMs) return this.known;
    return this.lookUp();
  }

  private lookUp(): Promise<Known> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async ask(): Promise<Known> {
    const { projection, version } = this;
    const at = this.environment.now();
    const changes = this.changes;
    const entry = await this.registry.entry(projection, version);
    const live = entry?.live;
    const generation =
      live === undefined
        ? undefined
        : (await this.registry.generations(projection, version)).find(({ number }) => number === live);
    if (generation === undefined) throw new ReadModelNotReady(projection, version);
    const known = { generation, at };
    // An answer that a change overtook is good for this once, not for keeping.
    if (changes === this.changes) this.known = known;
    return known;
  }
}
