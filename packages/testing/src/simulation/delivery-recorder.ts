import type { Commit, HandlerContext } from '@nestfold/core';
import type { RegisteredHandler } from '@nestfold/projections';
import type { Violation } from '../history/history.js';
import { judgeDelivered } from '../history/judge-delivered.js';
import type { Build } from './scenario.js';

interface Delivered {
  readonly stream: string;
  readonly version: number;
}

/** What the events handlers of all processes were given, in that order. */
export class DeliveryRecorder {
  private readonly delivered = new Map<string, Delivered[]>();
  private readonly types = new Map<string, ReadonlySet<string>>();
  private readonly discarded = new Set<string>();

  /** Handlers for one process. `before` may fail, as handlers do; a delivery counts only then when it does not. */
  handlers({ handlers }: Build, before: () => Promise<void>): readonly RegisteredHandler[] {
    const registered =
      handlers?.((name, { stream, version }: HandlerContext) =>
        before().then(() => void this.of(name).push({ stream, version })),
      ) ?? [];
    for (const { definition } of registered)
      this.types.set(definition.name, new Set(definition.events.map(({ name }) => name)));
    return registered;
  }

  /** An operator has asked for an event to be left out: it may come, or not. */
  discard(event: string): void {
    this.discarded.add(event);
  }

  judge(commits: readonly Commit[]): Violation[] {
    return [...this.types].flatMap(([name, types]) =>
      judgeDelivered(name, commits, types, this.of(name), this.discarded),
    );
  }

  private of(name: string): Delivered[] {
    const delivered = this.delivered.get(name) ?? [];
    this.delivered.set(name, delivered);
    return delivered;
  }
}
