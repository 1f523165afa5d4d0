import {
  On,
  Projection,
  projectionDefinitionOf,
  ReadModelDocument,
  writes,
  type ProjectionDefinition,
} from '@nestfold/projections';
import { Added, Opened } from './counter.js';

/** Projections that do the same, each into a read model of its own: `counters-0`, `counters-1`, … */
export function counterProjections(count: number): ProjectionDefinition[] {
  return Array.from({ length: count }, (_, index) => counterProjection(index));
}

/** The name of the read model of one of them; the stored collection's name begins with it. */
export function modelNameOf(index: number): string {
  return `counter_view_${index}`;
}

function counterProjection(index: number): ProjectionDefinition {
  @ReadModelDocument(modelNameOf(index))
  class View {
    _id!: string;
    label!: string;
    total!: number;
    changes!: number;
  }

  const view = writes(View);

  @Projection(`counters-${index}`, { version: 1, readModels: [View] })
  class Counters {
    @On(Opened) opened(event: Opened) {
      return view.insert(event.counterId, { label: event.label, total: 0, changes: 0 });
    }

    @On(Added) added(event: Added) {
      return view.increment(event.counterId, { total: event.by, changes: 1 });
    }
  }

  return projectionDefinitionOf(Counters);
}
