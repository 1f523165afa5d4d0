import type { Commit, Ctor, EventTypes, HandlerContext, NewEvent, Type } from '@nestfold/core';
import { projectionDefinitionOf, type RegisteredHandler } from '@nestfold/projections';
import type { Documents } from '../history/judge-read-side.js';
import type { Chance } from './chance.js';

/** What a client wants to append to a stream whose version it has read. */
export interface Intent {
  readonly stream: string;
  readonly events: readonly NewEvent[];
}

/** A read model of a scenario, and what it must be in the end. */
export interface ExpectedModel {
  readonly model: Ctor<object>;
  /** By a plain loop over the log, not by the engine: what the documents must be. Commits come in the order of their store times. */
  fold(commits: readonly Commit[]): Documents;
  /** How far a document is: a number that never falls while events are applied. Read by readers all the time. */
  progressOf(document: object): number;
  /** Where a commit shows: in which document, and up to which version of the stream that must be then; `undefined` where nothing shows. */
  shows(stream: string, events: readonly NewEvent[], firstVersion: number): ShownVersion | undefined;
  /** Up to which version of its stream a document is; only asked of documents that `shows` names. */
  versionOf(document: object): number;
}

/** A document, and the version of a stream that it must have come to. */
export interface ShownVersion {
  readonly id: string;
  readonly version: number;
}

/**
 * What a simulation lets a cluster do: projections, the events that clients append, and what must come out. Documents must not depend on the order of
 * events of different streams, save where one causes the other: that order is nobody's promise.
 */
export interface Scenario {
  readonly types: EventTypes;
  /** Classes with `@Projection`. */
  readonly projections: readonly Type<object>[];
  readonly models: readonly ExpectedModel[];
  /** A bug that keeps some events from being applied: set at the beginning of a run, mended when it heals. What such an event does must not show in documents. */
  readonly poison?: { set(holds: boolean): void };
  /** Events handlers of a process; each calls `deliver` with its name for every event, and fails when that fails. */
  readonly handlers?: (
    deliver: (name: string, context: HandlerContext) => Promise<void>,
  ) => readonly RegisteredHandler[];
  /** The streams that clients write to. */
  readonly streams: readonly string[];
  /** What a client does next with a stream of this version; `others` are versions of other streams that it has seen. */
  next(stream: string, version: number, others: ReadonlyMap<string, number>, chance: Chance): Intent;
}

/** A scenario with only some of its projections, named by their places. */
export function withProjections(scenario: Scenario, places: readonly number[]): Scenario {
  const projections = scenario.projections.filter((_, place) => places.includes(place));
  const own = projections.flatMap((one) => projectionDefinitionOf(one).readModels.map(({ model }) => model));
  return { ...scenario, projections, models: scenario.models.filter(({ model }) => own.includes(model)) };
}
