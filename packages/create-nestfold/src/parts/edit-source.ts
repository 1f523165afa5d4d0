import { UsageError } from '../usage.error.js';
import { classesOf, importsOf, taken } from './own-names.js';
import { betweenBrackets, bodyOf, codeOf, outermost, type Stretch } from './source-text.js';

/**
 * The text with a name more that it imports: beside others of the same file, else after the last import; unchanged where it is there already. Throws
 * `UsageError` where the name means something else there: a class of the file's own, or what another file or package calls so.
 */
export function withImport(text: string, name: string, from: string): string {
  if (classesOf(text).includes(name)) throw taken(name, 'the file that would import it');
  const imports = importsOf(text);
  const known = imports.find(({ names }) => names.includes(name));
  // A neighbour's may have come another way, such as through an index.
  const isSame = known?.from === from || (known?.from.startsWith('.') && from.startsWith('.'));
  if (known !== undefined && !isSame) throw taken(name, known.from);
  if (known?.types.includes(name))
    throw new UsageError(`${name} is imported from ${known.from} as a type alone.`, 'Import it without `type` first.');
  if (known !== undefined) return text;
  const beside = imports.find((one) => one.from === from && one.braces !== undefined);
  if (beside?.braces !== undefined) {
    const { start, end } = beside.braces;
    const names = text.slice(start, end).trim().replace(/,$/, '').replaceAll(/\s+/g, ' ');
    return `${text.slice(0, start)} ${names === '' ? name : `${names}, ${name}`} ${text.slice(end)}`;
  }
  const line = `import { ${name} } from '${from}';\n`;
  const end = imports.at(-1)?.end;
  if (end === undefined) return `${line}\n${text}`;
  return `${text.slice(0, end)}\n${line.trimEnd()}${text.slice(end)}`;
}

/**
 * The text with an element more at the end of an array, which is what an object has under a name: the one object that `opening` leads to, which ends
 * with its brace. An object without the name gets it; an array that has the element stays as it is. Undefined where there is no such object, or several, and
 * where something else than an array of its own stands there.
 */
export function withElement(text: string, opening: RegExp, list: string, element: string): string | undefined {
  const object = objectAt(text, opening);
  if (object === undefined) return undefined;
  const array = arrayIn(text, object, list);
  if (array === undefined) {
    // A name in quotes, a name for an array elsewhere, or parts of another object, which may have it.
    if (new RegExp(`\\b${list}\\b|\\.\\.\\.`).test(text.slice(object.start, object.end))) return undefined;
    return `${text.slice(0, object.start)} ${list}: [${element}],${text.slice(object.start)}`;
  }
  const inner = text.slice(array.start, array.end).trim();
  if (partsOf(inner).includes(element)) return text;
  // A comment at the end stays there.
  const used = codeOf(inner).trimEnd().length;
  const isCommented = /^\s*\/[/*]/.test(inner.slice(used));
  const before = (isCommented ? inner.slice(0, used) : inner).replace(/,$/, '');
  const comment = isCommented ? `${inner.slice(used)}\n` : '';
  const more = before === '' ? element : `${before}, ${element}`;
  return `${text.slice(0, array.start)}${more}${comment}${text.slice(array.end)}`;
}

/** The elements of such an array; undefined where there is none. */
export function elementsOf(text: string, opening: RegExp, list: string): readonly string[] | undefined {
  const object = objectAt(text, opening);
  const array = object && arrayIn(text, object, list);
  return array && partsOf(text.slice(array.start, array.end));
}

/** The text with something right before the end of a class; undefined where there is no such class. */
export function withMember(text: string, className: string, member: string): string | undefined {
  const body = bodyOf(codeOf(text), className);
  if (body === undefined) return undefined;
  return `${text.slice(0, body.end).trimEnd()}\n\n${member}\n${text.slice(body.end)}`;
}

function objectAt(text: string, opening: RegExp): Stretch | undefined {
  const code = codeOf(text);
  const [found, ...more] = code.matchAll(new RegExp(opening, 'g'));
  if (found === undefined || more.length > 0) return undefined;
  return betweenBrackets(code, found.index + found[0].length);
}

function arrayIn(text: string, { start, end }: Stretch, list: string): Stretch | undefined {
  const code = codeOf(text);
  const key = new RegExp(`(?<![\\w$.])${list}\\s*:\\s*\\[`).exec(outermost(code.slice(start, end)));
  return key === null ? undefined : betweenBrackets(code, start + key.index + key[0].length);
}

/** What stands between the commas of an array, each on a line. */
function partsOf(elements: string): readonly string[] {
  const code = codeOf(elements);
  const commas = [...outermost(code).matchAll(/,/g)].map(({ index }) => index);
  return [0, ...commas.map((comma) => comma + 1)].map((start, index) =>
    code.slice(start, commas[index]).trim().replaceAll(/\s+/g, ' '),
  );
}
