import type { Choice, Context } from './contexts.js';

interface Document {
  info: { title: string };
  paths: Record<string, Record<string, { tags?: readonly string[] }>>;
  components: { schemas: Record<string, unknown> };
}

const TAGS: Readonly<Record<string, Context>> = { products: 'catalog', customers: 'customers' };

/** The committed API without the operations of contexts that are left out, nor the schemas that only they name. */
export function prunedApi(text: string, choice: Choice): string {
  const document = JSON.parse(text) as Document;
  const all = mentioned(document.paths, document.components.schemas);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { tags = [] }] of Object.entries(operations)) {
      const contexts = tags.flatMap((tag) => TAGS[tag] ?? []);
      if (contexts.length > 0 && !contexts.some((context) => choice.has(context))) delete operations[method];
    }
    if (Object.keys(operations).length === 0) delete document.paths[path];
  }
  const kept = mentioned(document.paths, document.components.schemas);
  // What no operation ever named is there on purpose, for all.
  for (const name of all) if (!kept.has(name)) delete document.components.schemas[name];
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The schemas that are named, also by others that are. */
function mentioned(paths: unknown, schemas: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (found.has(name)) continue;
      found.add(name);
      visit(schemas[name] ?? null);
    }
  };
  visit(paths);
  return found;
}
