import type { Environment, Generation, GenerationRegistry } from '@nestfold/core';
import { inTime } from '../running/in-time.js';
import { SharedQuestion } from '../running/shared-question.js';
import { readableGeneration } from './readable-generation.js';
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
  private asked = 0;
  private kept = 0;
  private readonly renewal = new SharedQuestion<undefined, Known>(() => this.ask());
  private latest: { readonly generation: Generation; readonly asked: number } | undefined;
  private before: Known | undefined;

  constructor(
    private readonly registry: GenerationRegistry,
    private readonly environment: Environment,
    private readonly projection: string,
    readonly version: number,
    private readonly maxAgeMs: number,
    /** Older versions that serve while this one has no live generation, the first that has one. */
    private readonly reads: readonly number[] = [],
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

  /**
   * Looks it up, with a question that is put after this call; those who call meanwhile share the next one. Later readers see that generation or a newer
   * one, never what was known before. Throws `ReadModelNotReady`.
   */
  async renew(): Promise<Generation> {
    const { generation } = await this.renewal.ask(undefined);
    // A question that is older may still bring the generation before.
    this.asking = undefined;
    return generation;
  }

  /** What was live until less than `maxAgeMs` ago: other processes may still show it to their readers. */
  get former(): Generation | undefined {
    const { before, environment, maxAgeMs } = this;
    return before !== undefined && environment.now() - before.at < maxAgeMs ? before.generation : undefined;
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
    const asked = ++this.asked;
    const generation = await inTime(
      this.environment,
      readableGeneration(this.registry, projection, [version, ...this.reads]),
      `Nobody answers which documents of '${projection}' are live. Try again later.`,
    );
    if (generation === undefined) throw new ReadModelNotReady(projection, version);
    this.note(generation, asked);
    const known = { generation, at };
    // An answer that a change overtook is good for this once, not for keeping.
    if (changes === this.changes && asked > this.kept) {
      this.known = known;
      this.kept = asked;
    }
    return known;
  }

  private note(generation: Generation, asked: number): void {
    const { latest } = this;
    if (latest !== undefined && latest.asked > asked) return;
    this.latest = { generation, asked };
    if (latest === undefined || latest.generation.id === generation.id) return;
    // What an older version was read for meanwhile need not be fed on.
    const isFed = latest.generation.version === generation.version;
    this.before = isFed ? { generation: latest.generation, at: this.environment.now() } : undefined;
  }
}
