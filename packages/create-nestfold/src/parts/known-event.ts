import { namesOf } from '../application/names.js';
import { UsageError } from '../usage.error.js';
import type { FileTree } from '../workspace/file-tree.js';
import type { Library } from './library.js';
import { bodyOf, codeOf, outermost } from './source-text.js';
import { sourcesIn } from './stored-names.js';

/** An event's class, as far as other parts need to know it. */
export interface KnownEvent {
  readonly className: string;
  /** From where a file of the library imports it, which lies so many folders below `src`. */
  importFrom(depth: number): string;
  /** The field that names what it is about; undefined where none ends in `Id`. */
  readonly idField: string | undefined;
  readonly fields: readonly { readonly name: string; readonly type: string }[];
}

/** The events of a library and of the contracts that it shares. Throws `UsageError` for one that is not there. */
export function knownEvent(tree: FileTree, library: Library, name: string): KnownEvent {
  const { pascal } = namesOf('an event', name);
  const own = find(tree, library.source, pascal);
  if (own !== undefined) {
    const inside = own.path.slice(library.source.length + 1).replace(/\.ts$/, '.js');
    return { ...own, importFrom: (depth) => `${depth === 0 ? './' : '../'.repeat(depth)}${inside}` };
  }
  const shared = find(tree, 'libs/contracts/src', pascal);
  if (shared !== undefined) return { ...shared, importFrom: () => `${library.scope}/contracts` };
  throw new UsageError(
    `There is no event ${pascal} in libs/${library.name} or libs/contracts.`,
    `Make it first: nestfold generate event ${name} --context ${library.name} --aggregate <name>. Events of other contexts are shared in libs/contracts.`,
  );
}

function find(tree: FileTree, folder: string, className: string) {
  for (const path of sourcesIn(tree, folder)) {
    const text = tree.read(path);
    const code = codeOf(text);
    const body = isEvent(code, className) ? bodyOf(code, className) : undefined;
    if (body === undefined) continue;
    const fields = fieldsOf(text.slice(body.start, body.end));
    return { path, className, fields, idField: fields.find(({ name }) => name.endsWith('Id'))?.name };
  }
  return undefined;
}

/** Whether a source declares an event that says itself what it holds; of one that extends another the fields would not be known. */
function isEvent(code: string, className: string): boolean {
  return new RegExp(
    `@DomainEvent\\s*\\([^;]*\\)\\s*export\\s+class\\s+${className}\\s*(?:implements\\b[^{]*)?\\{`,
  ).test(code);
}

/** The fields of a class. A type that is longer than a line is cut; no such type is a plain one. */
function fieldsOf(body: string): KnownEvent['fields'] {
  const flat = outermost(codeOf(body));
  const fields = flat.matchAll(
    /(?:^|[;\n}])\s*(?:@\w+(?:\([^)]*\))?\s*)*(?:(?:readonly|declare|public)\s+)*(\w+)\s*[!?]?\s*:/g,
  );
  return [...fields].map(({ 0: all, 1: name = '', index }) => {
    const start = index + all.length;
    const length = flat.slice(start).search(/[;\r\n]|$/);
    return { name, type: body.slice(start, start + length).trim() };
  });
}

/** Data of an event for a test; with what the type lacks said to be there where fields are more than plain values. */
export function sampleOf({ className, fields, idField }: KnownEvent, id: string): { text: string; isPartial: boolean } {
  const plain: Readonly<Record<string, string>> = { string: "'some text'", number: '1', boolean: 'true' };
  const values = fields.flatMap(({ name, type }) =>
    name === idField ? [`${name}: '${id}'`] : plain[type] === undefined ? [] : [`${name}: ${plain[type]}`],
  );
  const isPartial = values.length < fields.length;
  return { text: `{ ${values.join(', ')} }${isPartial ? ` as Data<${className}>` : ''}`, isPartial };
}
