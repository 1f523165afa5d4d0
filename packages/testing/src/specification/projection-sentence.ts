import type { Ctor, Data, Type } from '@nestfold/core';
import type { ProjectionDefinition } from '@nestfold/projections';
import { isAwaiting } from './awaiting.js';
import { ProjectionOutcome } from './projection-outcome.js';
import type { EventPlace, GivenEvent, ProjectionGiven, ProjectionThen } from './projection-words.js';

/** What has happened so far. */
export class ProjectionSentence implements ProjectionGiven {
  constructor(
    private readonly definition: ProjectionDefinition,
    private readonly events: readonly GivenEvent[],
  ) {}

  given<E extends object>(event: Type<E>, data: NoInfer<Data<E>>, place: EventPlace = {}): ProjectionGiven {
    return new ProjectionSentence(this.definition, [...this.events, { event, data, place }]);
  }

  then<D extends object>(model: Ctor<D>, id: string, document: NoInfer<Omit<Data<D>, '_id'>>): ProjectionThen {
    const args: readonly unknown[] = [model, id];
    if (!isAwaiting(args)) return this.outcome().and(model, id, document);
    const nothingSaid = new Error(
      `Nothing is said of what ${this.definition.projection.name} writes: end with then(Model, id, document) or absent(Model, id).`,
    );
    return Promise.reject<void>(nothingSaid).then(...args) as unknown as ProjectionThen;
  }

  absent(model: Ctor<object>, id: string): ProjectionThen {
    return this.outcome().absent(model, id);
  }

  private outcome(): ProjectionOutcome {
    return new ProjectionOutcome(this.definition, this.events);
  }
}
