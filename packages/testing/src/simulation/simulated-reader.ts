import { isStoreUnavailable, type CommitReceipt, type NewEvent } from '@nestfold/core';
import { isReadModelNotReady, projectionDefinitionOf } from '@nestfold/projections';
import type { Violation } from '../history/history.js';
import type { Chance } from './chance.js';
import type { ExpectedModel, Scenario } from './scenario.js';
import type { Member } from './simulated-cluster.js';

const WAIT_MS = 1_500;

/** Reads documents in one process again and again: what it has seen once must never be gone, whatever is rebuilt or swapped meanwhile. */
export class SimulatedReader {
  private readonly reached = new Map<string, number>();
  /** Waits that ended with the commit applied. */
  applied = 0;

  constructor(
    readonly member: Member,
    private readonly scenario: Scenario,
    private readonly chance: Chance,
    private readonly pauseMs: number,
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
    const projection = this.scenario.projections
      .map(projectionDefinitionOf)
      .find(({ readModels }) => readModels.some(({ model }) => model === expected.model));
    if (shown === undefined || projection === undefined) return;
    await process.gate();
    const target = { stream, version, position: time, types: events.map(({ type }) => type) };
    const outcome = await engine.waitFor(projection.name, target, { timeoutMs: WAIT_MS });
    if (!outcome.applied) return;
    this.applied += 1;
    const found = await this.look(expected);
    const document = found?.get(shown.id);
    const reached = document === undefined ? 0 : expected.versionOf(document);
    if (found !== undefined && reached < shown.version)
      this.tell({
        rule: 'wait-tells-truth',
        subject: `${stream}:${version}`,
        message: `${process.name}: ${stream}:${version} was said to be applied by ${projection.name}, but ${expected.model.name} ${shown.id} is at ${reached}.`,
      });
  }

  /** Reads all documents of a model, and compares them with what was read before; answers nothing when the store does not. */
  private async look({ model, progressOf }: ExpectedModel): Promise<ReadonlyMap<string, object> | undefined> {
    const before = new Map([...this.reached].filter(([key]) => key.startsWith(`${model.name}/`)));
    let documents: readonly object[];
    try {
      documents = await this.member.engine.readModel(model).find({});
    } catch (error) {
      if (isStoreUnavailable(error) || isReadModelNotReady(error)) return undefined;
      throw error;
    }
    const found = new Map(documents.map((document) => [(document as { readonly _id: string })._id, document]));
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
}
