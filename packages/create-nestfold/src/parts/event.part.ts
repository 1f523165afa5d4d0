import type { Names } from '../application/names.js';
import { UsageError } from '../usage.error.js';
import { AggregateFile } from './aggregate-file.js';
import { Library, referred } from './library.js';
import type { Part } from './part.js';

/** An event that an aggregate may emit, with a test that holds its stored name. */
export const eventPart: Part = {
  help: 'an event that an aggregate may emit',
  flags: {
    aggregate: { value: 'name', help: 'the aggregate that emits it', isNeeded: true },
    context: { value: 'name', help: 'the context that it belongs to; needed where there are several' },
  },
  generate(tree, names, { context, aggregate }) {
    const library = Library.find(tree, context);
    addEvent(library, new AggregateFile(library, referred('aggregate', 'aggregate', aggregate).kebab), names);
  },
};

/** Makes the event's class and registers it with the aggregate. */
export function addEvent(library: Library, aggregate: AggregateFile, { kebab, pascal, words }: Names): void {
  const { kebab: owner, className, idField } = aggregate;
  if (new RegExp(`class ${pascal}\\b`).test(library.read(`domain/${owner}.events.ts`) ?? ''))
    throw new UsageError(`There is an event ${pascal} in libs/${library.name} already.`, 'Take another name.');
  const fact = kebab.startsWith(`${owner}-`) ? kebab.slice(owner.length + 1) : kebab;
  library.create(
    `domain/${kebab}.event.ts`,
    `import { DomainEvent } from '@nestfold/core';

/** A fact about a ${owner.replaceAll('-', ' ')}: ${words}. Where later decisions depend on it, ${className} needs an @Apply method for it. */
@DomainEvent('${owner}.${fact}')
export class ${pascal} {
  ${idField}!: string;
}
`,
  );
  library.create(
    `domain/${kebab}.event.spec.ts`,
    `import { eventDefinitionOf } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import { ${pascal} } from './${kebab}.event.js';

describe('${pascal}', () => {
  it('keeps the name and version under which it is stored', () => {
    expect(eventDefinitionOf(${pascal})).toMatchObject({ name: '${owner}.${fact}', version: 1 });
  });
});
`,
  );
  aggregate.addEvent(pascal, `./${kebab}.event.js`);
}
