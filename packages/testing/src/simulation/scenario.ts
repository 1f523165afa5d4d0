import type { Commit, Ctor, EventTypes, HandlerContext, NewEvent, Type } from '@nestfold/core';
import { projectionDefinitionOf, type RegisteredHandler } from '@nestfold/projections';
import type { Documents } from '../history/judge-read-side.js';
import type { Chance } from './chance.js';

/** What a client wants to append to a stream whose version it has read. */
export interface Intent {
  readonly stream: string;
  readonly events: readonly NewEvent[];
}

/** One build of an app: what a process has compiled. */
export interface Build {
  readonly name: string;
  readonly types: EventTypes;
  /** Classes with `@Projection`. */
  readonly projections: readonly Type<object>[];
  /** Events handlers of a process; each calls `deliver` with its name for every event, and fails when that fails. */
  readonly handlers?: (
    deliver: (name: string, context: HandlerContext) => Promise<void>,
  ) => readonly RegisteredHandler[];
}

/** A read model of a scenario, and what it must be in the end. */
export interface ExpectedModel {
  readonly model: Ctor<object>;
  /**
   * By a plain loop over the log, not by the engine: what the documents of a version of the projection must be. Commits come in the order of their
   * store times.
   */
  fold(commits: readonly Commit[], version: number): Documents;
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
export interface Scenario extends Build {
  /** Builds of which one may be deployed beside this one, in a rolling way, and taken back, their projections in the same places; what one appends an older one need not be able to read. */
  readonly newer?: readonly Build[];
  readonly models: readonly ExpectedModel[];
  /** A bug that keeps some events from being applied: set at the beginning of a run, mended when it heals. What such an event does must not show in documents. */
  readonly poison?: {
    set(holds: boolean): void;
    /** Whether events of this type may be beyond a projection with the bug. */
    isPoisoned(type: string): boolean;
  };
  /** The version of the projection that wrote a document. Needed where versions differ. */
  codeOf?(document: object): number;
  /** The streams that clients write to. */
  readonly streams: readonly string[];
  /** What a client does next with a stream of this version; `others` are versions of other streams that it has seen, `types` are those of its build. */
  next(stream: string, version: number, others: ReadonlyMap<string, number>, chance: Chance, types: EventTypes): Intent;
  /** An event that writes anew all that may differ in the stream's documents; needed where one of the projections is written without transactions. */
  closing?(stream: string, version: number): readonly NewEvent[];
}

/** A scenario with only some of its projections, named by their places, and with one of its newer builds, or none. */
export function partOf(scenario: Scenario, places: readonly number[], newer: number | undefined): Scenario {
  const part = <B extends Build>(build: B): B => ({
    ...build,
    projections: build.projections.filter((_, place) => places.includes(place)),
  });
  const own = part(scenario).projections.flatMap((one) =>
    projectionDefinitionOf(one).readModels.map(({ model }) => model),
  );
  const { newer: builds = [], ...rest } = part(scenario);
  return {
    ...rest,
    newer: builds.filter((_, place) => place === newer).map(part),
    models: scenario.models.filter(({ model }) => own.includes(model)),
  };
}
