import { isStoreUnavailable, type CommitReceipt, type NewEvent } from '@nestfold/core';
import { isReadModelNotReady, projectionDefinitionOf, type ProjectionDefinition } from '@nestfold/projections';
import type { Violation } from '../history/history.js';
import type { Chance } from './chance.js';
import type { ExpectedModel, Scenario } from './scenario.js';
import type { Member } from './simulated-cluster.js';

const WAIT_MS = 1_500;

/** Reads documents in one process again and again: what it has seen once must never be gone, whatever is rebuilt or swapped meanwhile. */
export class SimulatedReader {
  private readonly reached = new Map<string, number>();
  /** Models of which it has seen documents of its own version. */
  private readonly own = new Set<string>();
  private dropsSeen = 0;
  /** Waits that ended with the commit applied. */
  applied = 0;

  constructor(
    readonly member: Member,
    private readonly scenario: Scenario,
    private readonly chance: Chance,
    private readonly pauseMs: number,
    /** How many versions have been dropped: what is built anew then begins anew for readers. */
    private readonly drops: () => number,
    /** Whether a process may have written after it was fenced, as is possible without transactions. */
    private readonly mayBeFenced: boolean,
    private readonly tell: (violation: Violation) => void,
  ) {}

  async run(isOver: () => boolean): Promise<void> {
    const { process } = this.member;
    while (!isOver()) {
      await process.environment.sleep(this.chance.between(0, 2 * this.pauseMs));
      if (isOver()) return;
      await this.look(this.chance.pick(this.scenario.models));
    }
  }

  /** Waits for one commit, and reads it: what is said to be applied must be there. */
  async waitFor({ stream, version, firstVersion, time }: CommitReceipt, events: readonly NewEvent[]): Promise<void> {
    const { process, engine } = this.member;
    const expected = this.chance.pick(this.scenario.models);
    const shown = expected.shows(stream, events, firstVersion);
    const projection = this.projectionOf(expected);
    if (shown === undefined || (projection.mode === 'plain' && this.mayBeFenced)) return;
    await process.gate();
    const drops = this.drops();
    const target = { stream, version, position: time, types: events.map(({ type }) => type) };
    const outcome = await engine.waitFor(projection.name, target, { timeoutMs: WAIT_MS });
    if (!outcome.applied) return;
    this.applied += 1;
    const found = await this.look(expected);
    const document = found?.get(shown.id);
    const reached = document === undefined ? 0 : expected.versionOf(document);
    if (found !== undefined && drops === this.drops() && reached < shown.version)
      this.tell({
        rule: 'wait-tells-truth',
        subject: `${stream}:${version}`,
        message: `${process.name}: ${stream}:${version} was said to be applied by ${projection.name}, but ${expected.model.name} ${shown.id} is at ${reached}.`,
      });
  }

  /** Reads all documents of a model, and compares them with what was read before; answers nothing when the store does not. */
  private async look(expected: ExpectedModel): Promise<ReadonlyMap<string, object> | undefined> {
    const { model, progressOf } = expected;
    this.beginAnew();
    const before = new Map([...this.reached].filter(([key]) => key.startsWith(`${model.name}/`)));
    let documents: readonly object[];
    try {
      documents = await this.member.engine.readModel(model).find({});
    } catch (error) {
      if (isStoreUnavailable(error) || isReadModelNotReady(error)) return undefined;
      throw error;
    }
    const found = new Map(documents.map((document) => [(document as { readonly _id: string })._id, document]));
    if (this.beginAnew()) return found;
    this.judgeCode(expected, documents);
    // Without transactions a document may be seen as it was some events earlier.
    if (this.projectionOf(expected).mode === 'plain') return found;
    for (const [key, from] of before) {
      const document = found.get(key.slice(model.name.length + 1));
      const to = document === undefined ? 0 : progressOf(document);
      if (to < from)
        this.tell({
          rule: 'reads-monotone',
          subject: key,
          message: `${this.member.process.name}: ${key} went back from ${from} to ${to}.`,
        });
    }
    for (const [id, document] of found) {
      const key = `${model.name}/${id}`;
      this.reached.set(key, Math.max(progressOf(document), this.reached.get(key) ?? 0));
    }
    return found;
  }

  /** Forgets what it saw when a version was dropped since. */
  private beginAnew(): boolean {
    if (this.drops() === this.dropsSeen) return false;
    this.dropsSeen = this.drops();
    this.reached.clear();
    this.own.clear();
    return true;
  }

  /** Documents are those of its own build's version, or of one that it declares to understand, before any of its own. */
  private judgeCode(expected: ExpectedModel, documents: readonly object[]): void {
    const { codeOf } = this.scenario;
    if (codeOf === undefined) return;
    const { version, reads } = this.projectionOf(expected);
    const { name } = expected.model;
    for (const code of new Set(documents.map(codeOf))) {
      if (code === version) this.own.add(name);
      else if (!reads.includes(code) || this.own.has(name)) {
        const { process, build } = this.member;
        const message = `${process.name} (build ${build.name}) reads ${name} of version ${code}.`;
        this.tell({ rule: 'own-version', subject: name, message });
      }
    }
  }

  private projectionOf({ model }: ExpectedModel): ProjectionDefinition {
    // `!`: a scenario's models are those of its projections, in each build.
    return this.member.build.projections
      .map(projectionDefinitionOf)
      .find(({ readModels }) => readModels.some((one) => one.model === model))!;
  }
}
