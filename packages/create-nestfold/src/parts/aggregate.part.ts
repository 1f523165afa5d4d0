import { Library } from './library.js';
import type { Part } from './part.js';

/** An aggregate with its state, the event and the command that begin it, and a specification. */
export const aggregatePart: Part = {
  help: 'an aggregate with its state, its first event and command',
  flags: { context: { value: 'name', help: 'the context that it belongs to; needed where there are several' } },
  generate(tree, { kebab, camel, pascal, words }, { context }) {
    const library = Library.find(tree, context);
    const { rule, imported } = library.idRule();
    const id = `${camel}Id`;
    library.create(
      `domain/${kebab}.events.ts`,
      `import { DomainEvent } from '@nestfold/core';

/** There is a new ${words}. */
@DomainEvent('${kebab}.created')
export class ${pascal}Created {
  ${id}!: string;
}
`,
    );
    library.create(
      `domain/${kebab}.state.ts`,
      `/** What decisions about ${article(words)} need to know. */
export class ${pascal}State {
  isCreated = false;
}
`,
    );
    library.create(
      `commands/create-${kebab}.command.ts`,
      `import { Command } from '@nestfold/core';
${imported}

/** Create ${article(words)}. */
export class Create${pascal} extends Command {
  ${rule}
  ${id}!: string;
}
`,
    );
    library.create(
      `domain/${kebab}.aggregate.ts`,
      `import { Aggregate, AggregateRoot, Apply, Handle } from '@nestfold/core';
import { Create${pascal} } from '../commands/create-${kebab}.command.js';
import { ${pascal}Created } from './${kebab}.events.js';
import { ${pascal}State } from './${kebab}.state.js';

/** What may happen to ${article(words)}, and by which rules. */
@Aggregate('${camel}', { state: ${pascal}State, events: [${pascal}Created] })
export class ${pascal} extends AggregateRoot<${pascal}State> {
  @Handle(Create${pascal}, { id: '${id}', on: 'new' })
  create({ ${id} }: Create${pascal}): void {
    this.emit(${pascal}Created, { ${id} });
  }

  @Apply(${pascal}Created) protected created(): void {
    this.state.isCreated = true;
  }
}
`,
    );
    library.create(
      `domain/${kebab}.aggregate.spec.ts`,
      `import { specification } from '@nestfold/testing';
import { describe, it } from 'vitest';
import { Create${pascal} } from '../commands/create-${kebab}.command.js';
import { ${pascal} } from './${kebab}.aggregate.js';
import { ${pascal}Created } from './${kebab}.events.js';

const ${id} = '${kebab}-1';

describe('${article(words)}', () => {
  it('is created', () =>
    specification(${pascal})
      .when(Create${pascal}.of({ ${id} }))
      .then(${pascal}Created, { ${id} }));

  it('is created once', () =>
    specification(${pascal})
      .given(${pascal}Created, { ${id} })
      .when(Create${pascal}.of({ ${id} }))
      .refused('stream.conflict'));
});
`,
    );
    library.register('aggregates', pascal, `domain/${kebab}.aggregate.js`);
    library.publish(`Create${pascal}`, `commands/create-${kebab}.command.js`);
  },
};

function article(words: string): string {
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}
