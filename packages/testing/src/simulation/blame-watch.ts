import type { Batch, InMemoryDatabase } from '@nestfold/core';
import { lastVersionOf } from '@nestfold/core';
import type { Violation } from '../history/history.js';
import type { Build, Scenario } from './scenario.js';

/** Sees which events are blamed: a stream is parked only behind one that is beyond the build, and never behind one of a newer build, which is no fault of its own. */
export class BlameWatch {
  readonly violations: Violation[] = [];

  constructor(
    private readonly database: InMemoryDatabase,
    private readonly scenario: Scenario,
  ) {}

  /** To be told of a batch before it is stored: it may park streams that were not parked before. */
  fresh({ parked }: Batch): readonly BlamedStream[] {
    return (parked?.park ?? []).filter(({ id }) => !this.database.parked.has(id));
  }

  /** To be told when it is stored, by a process of a build. */
  parked(streams: readonly BlamedStream[], process: string, { name, types }: Build): void {
    for (const { consumer, stream, error } of streams) {
      const event = this.eventOf(stream, Number(error.event.slice(error.event.lastIndexOf(':') + 1)));
      if (event === undefined) continue;
      const isNewer = types.judge(event.type, event.schema) === 'newer';
      // A handler's own work may fail for any event.
      const isPoisoned = consumer.startsWith('handler:') || this.scenario.poison?.isPoisoned(event.type) === true;
      if (!isNewer && isPoisoned) continue;
      const what = isNewer ? `is of a newer build than ${name}` : 'can be applied';
      this.tell(`${consumer} ${error.event}`, `${process} parks its stream behind it, which ${what}: ${error.message}`);
    }
  }

  /** To be told of a generation that was stopped. */
  stopped(id: string, why: string): void {
    this.tell(id, `was stopped: ${why}`);
  }

  private eventOf(stream: string, version: number): { readonly type: string; readonly schema: number } | undefined {
    const commit = this.database.streams
      .get(stream)
      ?.find((one) => one.firstVersion <= version && version <= lastVersionOf(one));
    return commit?.events[version - commit.firstVersion];
  }

  private tell(subject: string, what: string): void {
    this.violations.push({ rule: 'parked-with-cause', subject, message: `${subject}: ${what}.` });
  }
}

type BlamedStream = NonNullable<NonNullable<Batch['parked']>['park']>[number];
