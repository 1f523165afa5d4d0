import { UsageError } from '../usage.error.js';
import { Library, referred } from './library.js';
import type { Part } from './part.js';

/** A query that finds one document of a projection's read model. */
export const queryPart: Part = {
  help: 'a query that finds one document of a read model',
  flags: {
    projection: { value: 'name', help: 'the projection whose documents it finds', isNeeded: true },
    context: { value: 'name', help: 'the context that it belongs to; needed where there are several' },
  },
  generate(tree, { kebab, pascal, words }, { context, projection }) {
    const library = Library.find(tree, context);
    const { document, file } = readModelOf(library, referred('projection', 'projection', projection).kebab);
    const { rule, imported } = library.idRule();
    library.create(
      `queries/${kebab}.query.ts`,
      `import { NotFound, Query } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { ReadModel } from '@nestfold/projections';
${imported}
import { ${document} } from '../${file}';

/** ${words[0]?.toUpperCase()}${words.slice(1)}. Throws \`NotFound\`. */
export class ${pascal} extends Query<${document}> {
  ${rule}
  id!: string;
}

/** Looks into the read model, which follows what was written within moments. */
@QueryHandler(${pascal})
export class ${pascal}Handler {
  constructor(@InjectReadModel(${document}) private readonly documents: ReadModel<${document}>) {}

  async execute({ id }: ${pascal}): Promise<${document}> {
    const document = await this.documents.findById(id);
    if (document === undefined) throw new NotFound('document', id);
    return document;
  }
}
`,
    );
    library.create(
      `queries/${kebab}.query.spec.ts`,
      `import { isNotFound } from '@nestfold/core';
import type { ReadModel } from '@nestfold/projections';
import { describe, expect, it } from 'vitest';
import type { ${document} } from '../${file}';
import { ${pascal}, ${pascal}Handler } from './${kebab}.query.js';

const known = { _id: 'known' } as ${document};
const documents = { findById: async (id: string) => (id === known._id ? known : undefined) };
const handler = new ${pascal}Handler(documents as unknown as ReadModel<${document}>);

describe('${pascal}', () => {
  it('finds the document', async () => {
    expect(await handler.execute(${pascal}.of({ id: 'known' }))).toBe(known);
  });

  it('says where there is none', async () => {
    await expect(handler.execute(${pascal}.of({ id: 'unknown' }))).rejects.toSatisfy(isNotFound);
  });
});
`,
    );
    library.register('providers', `${pascal}Handler`, `queries/${kebab}.query.js`);
    library.publish(pascal, `queries/${kebab}.query.js`);
  },
};

/** The class of a projection's first document, and its file. Throws `UsageError` where the library has no such projection. */
function readModelOf(library: Library, projection: string): { readonly document: string; readonly file: string } {
  for (const name of library.children(`read-models/${projection}`)) {
    if (!/\.read-models?\.ts$/.test(name)) continue;
    const path = `read-models/${projection}/${name}`;
    const [, document] = /@ReadModelDocument\([^]*?export class (\w+)/.exec(library.read(path) ?? '') ?? [];
    if (document !== undefined) return { document, file: path.replace(/\.ts$/, '.js') };
  }
  const known = library.children('read-models').filter((name) => !name.includes('.'));
  throw new UsageError(
    `There is no projection '${projection}' in libs/${library.name}/src/read-models.`,
    known.length > 0
      ? `Say --projection with one of ${known.join(', ')}.`
      : `Make one first: nestfold generate projection ${projection} --context ${library.name} --on <events>`,
  );
}
