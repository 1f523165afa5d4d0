import { knownEvent, sampleOf } from './known-event.js';
import { Library, referred } from './library.js';
import type { Part } from './part.js';

/** A durable consumer of an event, with a port for what it does. */
export const eventsHandlerPart: Part = {
  help: 'a durable events handler, where side effects live, with a port for them',
  flags: {
    on: { value: 'event', help: 'the event that it is told of', isNeeded: true },
    context: { value: 'name', help: 'the context that it belongs to; needed where there are several' },
  },
  generate(tree, { kebab, pascal, words }, { context, on }) {
    const library = Library.find(tree, context);
    const event = knownEvent(tree, library, referred('event', 'on', on).kebab);
    const sample = sampleOf(event, `${kebab}-1`);
    library.create(
      `ports/${kebab}.port.ts`,
      `import { Injectable, Logger } from '@nestjs/common';
import type { ${event.className} } from '${event.importFrom(1)}';

/**
 * Where ${words} go. An implementer owes one effect for a key, however often it is called with it: after a crash the last events
 * come again. An abstract class, so that it can be injected by its type.
 */
export abstract class ${pascal} {
  abstract send(key: string, event: ${event.className}): Promise<void>;
}

/** Writes them to the log, until they go somewhere. */
@Injectable()
export class Logged${pascal} extends ${pascal} {
  private readonly logger = new Logger(Logged${pascal}.name);

  async send(key: string): Promise<void> {
    this.logger.log(key);
  }
}
`,
    );
    library.create(
      `handlers/${kebab}.handler.ts`,
      `import type { HandlerContext } from '@nestfold/core';
import { EventsHandler } from '@nestfold/projections';
import { ${event.className} } from '${event.importFrom(1)}';
import { ${pascal} } from '../ports/${kebab}.port.js';

/** Told of every ${event.className} at least once, from its first start on. */
@EventsHandler(${event.className}, { name: '${kebab}', startFrom: 'now' })
export class ${pascal}Handler {
  constructor(private readonly port: ${pascal}) {}

  async handle(event: ${event.className}, { idempotencyKey }: HandlerContext): Promise<void> {
    await this.port.send(idempotencyKey, event);
  }
}
`,
    );
    library.create(
      `handlers/${kebab}.handler.spec.ts`,
      `import type { ${sample.isPartial ? 'Data, ' : ''}HandlerContext } from '@nestfold/core';
import { describe, expect, it } from 'vitest';
import type { ${event.className} } from '${event.importFrom(1)}';
import { ${pascal}Handler } from './${kebab}.handler.js';

const event: ${event.className} = ${sample.text};

describe('${words}', () => {
  it('are sent under the key that is the same at each repetition', async () => {
    const sent: unknown[] = [];
    const handler = new ${pascal}Handler({ send: async (...what) => void sent.push(what) });
    await handler.handle(event, { idempotencyKey: 'key-1' } as HandlerContext);
    expect(sent).toEqual([['key-1', event]]);
  });
});
`,
    );
    const port = `ports/${kebab}.port.js`;
    library.register('providers', pascal, port, `{ provide: ${pascal}, useClass: Logged${pascal} }`);
    library.importInto(`Logged${pascal}`, port);
    library.register('providers', `${pascal}Handler`, `handlers/${kebab}.handler.js`);
  },
};
