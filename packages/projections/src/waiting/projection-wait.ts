import { partitionOf, type Generation } from '@nestfold/core';
import type { LivePointer } from '../reading/live-pointer.js';
import { isReadModelNotReady } from '../reading/read-model-not-ready.error.js';
import type { EngineContext } from '../running/engine-context.js';
import type { ProjectionSupervisor } from '../running/projection-supervisor.js';
import { heard, untilAborted } from '../running/until-aborted.js';
import { commitOf, concernsNone, lookInStore } from './applied-look.js';
import { StreamLooks } from './stream-looks.js';
import { APPLIED, notYet, type WaitOutcome, type WaitTarget } from './wait-for.js';
import { Waiter } from './waiters.js';

const TIMEOUT_MS = 2_000;
/** Where another process applies: the first pause, what each is longer than the one before, the longest. */
const FIRST_MS = 4;
const GROWTH = 1.6;
const LONGEST_MS = 100;
/**
 * Where this process applies and tells: only in case that was missed, since whoever stops feeding wakes those who wait. Each pause is twice the one before: a
 * store that is late is not to be asked the more often the later it is.
 */
const TOLD_MS = 250;
const TOLD_LONGEST_MS = 2_000;

/** Waits for commits to be applied by one projection, whichever process does it. */
export class ProjectionWait {
  private readonly looks: StreamLooks;

  constructor(
    private readonly context: EngineContext,
    private readonly supervisor: ProjectionSupervisor,
    private readonly pointer: LivePointer,
  ) {
    this.looks = new StreamLooks(context);
  }

  /** Answers at the latest after `timeoutMs`, whatever the store does. */
  async until(target: WaitTarget, timeoutMs = TIMEOUT_MS): Promise<WaitOutcome> {
    const { environment, waiters } = this.context;
    const over = new AbortController();
    const waiter = new Waiter();
    const leave = waiters.add(target.stream, waiter);
    const attempt = new Attempt(this.context, this.supervisor, this.pointer, this.looks, target, waiter);
    const looking = heard(attempt.run(over.signal));
    void environment.sleep(timeoutMs, over.signal).then(() => over.abort());
    try {
      return (await untilAborted(looking, over.signal)) ?? notYet('timeout', attempt.detail);
    } finally {
      over.abort();
      leave();
    }
  }
}

/** One wait. */
class Attempt {
  /** What was in the way last. */
  detail: string;
  private types: readonly string[] | undefined;
  private target: WaitTarget;

  constructor(
    private readonly context: EngineContext,
    private readonly supervisor: ProjectionSupervisor,
    private readonly pointer: LivePointer,
    private readonly looks: StreamLooks,
    target: WaitTarget,
    private readonly waiter: Waiter,
  ) {
    this.target = target;
    this.types = target.types;
    this.detail = `The projection '${this.name}' has not applied it yet.`;
  }

  private get name(): string {
    return this.supervisor.definition.name;
  }

  async run(over: AbortSignal): Promise<WaitOutcome | undefined> {
    if (this.target.version <= 0) return APPLIED;
    for (let pause = FIRST_MS, toldPause = TOLD_MS; !over.aborted;) {
      this.waiter.listen();
      const outcome = await this.looked();
      if (outcome !== undefined) return outcome;
      const told = this.isTold();
      await this.rest(told ? toldPause : pause, over);
      if (told) toldPause = Math.min(TOLD_LONGEST_MS, 2 * toldPause);
      else pause = Math.min(LONGEST_MS, pause * GROWTH);
    }
    return undefined;
  }

  /** A store that does not answer is no answer: it is asked again. */
  private async looked(): Promise<WaitOutcome | undefined> {
    try {
      return await this.look();
    } catch (error) {
      this.detail = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  private async look(): Promise<WaitOutcome | undefined> {
    const concernsNone = heard(this.concernsNone());
    await untilAborted(concernsNone, this.waiter.signal);
    const generation = await this.live(() => this.pointer.with((one) => Promise.resolve(one)));
    // Told meanwhile: behind many other reads, the answer to that one may come long after.
    const isTold = generation !== undefined && this.waiter.hasApplied(generation.id, this.target.version);
    if (!isTold && (await concernsNone)) return APPLIED;
    if (this.context.waiters.hasEnded) return notYet('stopped', 'This process is shutting down.');
    if (generation === undefined) return this.halted(this.supervisor.view.building) ?? this.unbuilt();
    const outcome = await lookInStore(this.looks, generation, this.target, this.waiter);
    // What was applied before that is applied.
    if (outcome === undefined) return this.halted(generation);
    // A former generation is fed on: what it has, the live one need not have yet. Later readers here see this one, or a newer one.
    const present = await this.live(() => this.pointer.renew());
    if (present?.id !== generation.id) {
      this.waiter.wake();
      return undefined;
    }
    // The former one is fed by nobody either while the projection is paused.
    return outcome.applied && !(await this.formerHasIt()) ? this.halted(undefined) : outcome;
  }

  /** Whether readers of a process that has not heard of a swap see it too: in what was live before, which stood still for the swap and is fed on. */
  private async formerHasIt(): Promise<boolean> {
    const { former } = this.pointer;
    if (former === undefined) return true;
    if ((await lookInStore(this.looks, former, this.target, this.waiter)) !== undefined) return true;
    const stored = await this.context.connection.generations.generation(former.id);
    if (stored?.state !== 'live') return true;
    this.detail = `The former generation of '${this.name}', which some readers may still see, has not applied it yet.`;
    return false;
  }

  private async concernsNone(): Promise<boolean> {
    if (this.types === undefined) {
      const commit = await commitOf(this.context, this.target);
      if (commit === undefined) return false;
      this.types = commit.events.map(({ type }) => type);
      // A receipt of what was stored before may know less of its time than the store does.
      if (commit.time > this.target.position) this.target = { ...this.target, position: commit.time };
    }
    return concernsNone(this.supervisor.definition, this.types);
  }

  /** Why nothing is applied until somebody sees to it. */
  private halted(generation: Generation | undefined): WaitOutcome | undefined {
    const { paused } = this.supervisor.view.entry ?? {};
    if (paused !== undefined) return notYet('paused', `The projection '${this.name}' was paused by ${paused.by}.`);
    const { failure } = generation ?? {};
    return failure && notYet('stopped', `The projection '${this.name}' stopped: ${failure.message}`);
  }

  private unbuilt(): undefined {
    this.detail = `The projection '${this.name}' is being built for the first time.`;
  }

  private async live(ask: () => Promise<Generation>): Promise<Generation | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (isReadModelNotReady(error)) return undefined;
      throw error;
    }
  }

  /** Whether this process feeds the stream's partition of what is live. */
  private isTold(): boolean {
    const { runner, view } = this.supervisor;
    return (
      view.live !== undefined && runner?.timeOf(partitionOf(this.target.stream, view.live.partitions)) !== undefined
    );
  }

  /** Half of it is chance, so that those who wait for one batch do not ask together. */
  private async rest(milliseconds: number, over: AbortSignal): Promise<void> {
    const { environment } = this.context;
    const signal = AbortSignal.any([over, this.waiter.signal]);
    await environment.sleep(milliseconds * (0.5 + 0.5 * environment.random()), signal);
  }
}
