import { namesOf } from '../application/names.js';
import { knownEvent, sampleOf } from './known-event.js';
import { Library, referred } from './library.js';
import type { Part } from './part.js';
import { requireTopic } from './topics.js';

/** A projection with its read model. */
export const projectionPart: Part = {
  help: 'a projection with its read model, which an operator can rebuild',
  flags: {
    on: {
      value: 'events',
      help: 'the events that it follows, with commas between: ticket-created,ticket-closed',
      isNeeded: true,
    },
    topic: { value: 'name', help: 'the topic that feeds it, in a service of its own; default: the store' },
    context: { value: 'name', help: 'the context that it belongs to; needed where there are several' },
  },
  generate(tree, { kebab, pascal, snake, words }, { context, on, topic }) {
    const library = Library.find(tree, context);
    const source = topic === undefined ? undefined : namesOf('a topic', topic).kebab;
    if (source !== undefined) {
      library.require('@nestfold/kafka', 'A topic needs an application with --transport kafka.');
      requireTopic(tree, source);
    }
    const folder = `read-models/${kebab}`;
    const names = (on ?? '').split(',').map((name) => referred('event', 'on', name.trim() || undefined));
    const events = [...new Map(names.map((one) => [one.kebab, one])).values()].map((one) => ({
      ...one,
      ...knownEvent(tree, library, one.kebab),
    }));
    const idOf = (event: (typeof events)[number]): string =>
      event.idField === undefined ? 'context.stream' : `event.${event.idField}`;
    library.create(
      `${folder}/${kebab}.read-model.ts`,
      `import { ReadModelDocument } from '@nestfold/projections';

/** A document of ${words}. */
@ReadModelDocument('${snake}')
export class ${pascal}Document {
  _id!: string;
  /** How many facts it shows. */
  facts!: number;
  updatedAt!: Date;
}
`,
    );
    library.create(
      `${folder}/${kebab}.projection.ts`,
      `import type { EventContext } from '@nestfold/core';
${source === undefined ? '' : "import { kafka } from '@nestfold/kafka';\n"}import { On, Projection, writes } from '@nestfold/projections';
${events.map((event) => `import { ${event.className} } from '${event.importFrom(2)}';`).join('\n')}
import { ${pascal}Document } from './${kebab}.read-model.js';

const documents = writes(${pascal}Document);

/** Feeds ${words}. Pure: times come from the event, so that a rebuild shows the same. */
@Projection('${kebab}', { version: 1, readModels: [${pascal}Document]${source === undefined ? '' : `, source: kafka('${source}')`} })
export class ${pascal}Projection {
${events
  .map(
    (event) => `  @On(${event.className})
  ${event.camel}(${event.idField === undefined ? '_event' : 'event'}: ${event.className}, context: EventContext) {
    return counted(${idOf(event)}, context);
  }`,
  )
  .join('\n\n')}
}

function counted(id: string, { occurredAt }: EventContext) {
  return documents.reduce(id, (document) => ({ facts: (document?.facts ?? 0) + 1, updatedAt: occurredAt }));
}
`,
    );
    const [first] = events;
    if (first === undefined) return;
    const id = first.idField === undefined ? 'specification-1' : `${kebab}-1`;
    const sample = sampleOf(first, id);
    library.create(
      `${folder}/${kebab}.projection.spec.ts`,
      `${sample.isPartial ? "import type { Data } from '@nestfold/core';\n" : ''}import { projection } from '@nestfold/testing';
import { describe, it } from 'vitest';
import { ${first.className} } from '${first.importFrom(2)}';
import { ${pascal}Projection } from './${kebab}.projection.js';
import { ${pascal}Document } from './${kebab}.read-model.js';

const occurredAt = new Date('2026-01-31T12:00:00.000Z');
const fact = ${sample.text};

describe('${words}', () => {
  it('shows each fact once, at the time at which it happened', async () => {
    await projection(${pascal}Projection)
      .given(${first.className}, fact)
      .given(${first.className}, fact, { occurredAt })
      .then(${pascal}Document, '${id}', { facts: 2, updatedAt: occurredAt });
  });
});
`,
    );
    library.register('readModels', `${pascal}Document`, `${folder}/${kebab}.read-model.js`);
    library.register('providers', `${pascal}Projection`, `${folder}/${kebab}.projection.js`);
  },
};
