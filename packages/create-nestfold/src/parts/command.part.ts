import { namesOf, type Names } from '../application/names.js';
import { UsageError } from '../usage.error.js';
import type { FileTree } from '../workspace/file-tree.js';
import { AggregateFile } from './aggregate-file.js';
import { addEvent } from './event.part.js';
import { knownEvent, type KnownEvent } from './known-event.js';
import { Library, referred } from './library.js';
import type { Part } from './part.js';

/** A command that an aggregate handles itself, by emitting an event. */
export const commandPart: Part = {
  help: 'a command that an aggregate handles by emitting an event',
  flags: {
    aggregate: { value: 'name', help: 'the aggregate that handles it', isNeeded: true },
    emits: {
      value: 'event',
      help: 'the event that it comes to, such as ticket-closed; made where it is new',
      isNeeded: true,
    },
    context: { value: 'name', help: 'the context that it belongs to; needed where there are several' },
  },
  generate(tree, { kebab, camel, pascal, words }, { context, aggregate, emits }) {
    const library = Library.find(tree, context);
    const owner = new AggregateFile(library, referred('aggregate', 'aggregate', aggregate).kebab);
    const event = emitted(tree, library, owner, referred('event', 'emits', emits));
    const { rule, imported } = library.idRule();
    const id = owner.idField;
    const first = firstOf(tree, library, owner) ?? event;
    const events = [...new Map([first, event].map((one) => [one.className, one])).values()];
    library.create(
      `commands/${kebab}.command.ts`,
      `import { Command } from '@nestfold/core';
${imported}

/** ${words[0]?.toUpperCase()}${words.slice(1)}. */
export class ${pascal} extends Command {
  ${rule}
  ${id}!: string;
}
`,
    );
    library.create(
      `commands/${kebab}.command.spec.ts`,
      `import { specification } from '@nestfold/testing';
import { describe, it } from 'vitest';
import { ${owner.className} } from '../domain/${owner.kebab}.aggregate.js';
${events.map((one) => `import { ${one.className} } from '${one.importFrom(1)}';`).join('\n')}
import { ${pascal} } from './${kebab}.command.js';

const ${id} = '${owner.kebab}-1';

describe('${pascal}', () => {
  it('comes to ${event.className}', () =>
    specification(${owner.className})
      .given(${first.className}, { ${id} })
      .when(${pascal}.of({ ${id} }))
      .then(${event.className}, { ${id} }));

  it('is refused where there is nothing to change', () =>
    specification(${owner.className})
      .when(${pascal}.of({ ${id} }))
      .refused('aggregate.not-found'));
});
`,
    );
    const file = `../commands/${kebab}.command.js`;
    owner.addHandler(pascal, file, camel, event.className, event.importFrom(1).replace('../domain/', './'));
    library.publish(pascal, `commands/${kebab}.command.js`);
  },
};

/** The event that an aggregate of ours begins with; undefined where it begins with another, or with one that says more. */
function firstOf(tree: FileTree, library: Library, owner: AggregateFile): KnownEvent | undefined {
  try {
    const first = knownEvent(tree, library, `${owner.kebab}-created`);
    return first.fields.every(({ name }) => name === owner.idField) ? first : undefined;
  } catch {
    return undefined;
  }
}

/** The event that is there, or a new one. Throws `UsageError` where it holds more than the id, which a command could not know. */
function emitted(tree: FileTree, library: Library, owner: AggregateFile, names: Names) {
  try {
    knownEvent(tree, library, names.kebab);
  } catch {
    addEvent(library, owner, namesOf('an event', names.kebab));
  }
  const event = knownEvent(tree, library, names.kebab);
  const more = event.fields.filter(({ name }) => name !== owner.idField);
  if (more.length > 0 || event.fields.length === 0)
    throw new UsageError(
      `${event.className} holds other fields than ${owner.idField}, which a new command does not have.`,
      'Let it emit another event, such as a new one, and add fields to both by hand.',
    );
  return event;
}
