import { plainCopy, type Ctor, type Data } from '@nestfold/core';
import { readModelDefinitionOf, type ProjectionDefinition } from '@nestfold/projections';
import { expect } from 'vitest';
import { atTestEnd } from './at-test-end.js';
import { projected, type ReadDocument } from './projection-run.js';
import type { GivenEvent, ProjectionThen } from './projection-words.js';

/** What is said of the documents; checked when it is awaited, or else when the test ends. */
export class ProjectionOutcome implements ProjectionThen {
  private readonly checks: ((read: ReadDocument) => Promise<void>)[] = [];
  private verdict: Promise<void> | undefined;

  constructor(
    private readonly definition: ProjectionDefinition,
    private readonly events: readonly GivenEvent[],
  ) {
    // Who awaited it was told.
    atTestEnd(() => (this.verdict ? undefined : this.check()));
  }

  and<D extends object>(model: Ctor<D>, id: string, document: NoInfer<Omit<Data<D>, '_id'>>): ProjectionThen {
    return this.says(model, id, { ...plainCopy(document), _id: id });
  }

  absent(model: Ctor<object>, id: string): ProjectionThen {
    return this.says(model, id, undefined);
  }

  then<R = void, F = never>(
    resolve?: ((value: void) => R | PromiseLike<R>) | null,
    reject?: ((error: unknown) => F | PromiseLike<F>) | null,
  ): Promise<R | F> {
    return this.check().then(resolve, reject);
  }

  private says(model: Ctor<object>, id: string, expected: object | undefined): ProjectionThen {
    const { projection, readModels } = this.definition;
    const { name } = readModelDefinitionOf(model);
    if (!readModels.some((one) => one.name === name)) {
      const own = readModels.map((one) => one.model.name).join(', ');
      throw new Error(`${projection.name} does not write ${model.name}: its read models are ${own}.`);
    }
    const title = `${projection.name}: the ${model.name} '${id}' after ${this.events.length} event(s)`;
    this.checks.push(async (read) => expect(await read(model, id), title).toEqual(expected));
    return this;
  }

  private check(): Promise<void> {
    return (this.verdict ??= this.run());
  }

  private async run(): Promise<void> {
    const read = await projected(this.definition, this.events);
    for (const check of this.checks) await check(read);
  }
}
