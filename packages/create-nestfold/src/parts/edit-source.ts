import { classesOf, importsOf, taken } from './own-names.js';

/**
 * The text with a name more that it imports: beside others of the same file, else after the last import; unchanged where it is there already. Throws
 * `UsageError` where the name means something else there: a class of the file's own, or what another package calls so.
 */
export function withImport(text: string, name: string, from: string): string {
  if (classesOf(text).includes(name)) throw taken(name, 'the file that would import it');
  const [, known] = importsOf(text).find(([imported]) => imported === name) ?? [];
  // A neighbour's may have come another way, such as through an index.
  if (known !== undefined && known !== from && !known.startsWith('.')) throw taken(name, known);
  if (known !== undefined) return text;
  const source = from.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const [beside, names = ''] = new RegExp(`^import \\{([^}]*)\\} from '${source}';$`, 'm').exec(text) ?? [];
  if (beside !== undefined)
    return text.replace(
      beside,
      () => `import { ${names.trim().replace(/,$/, '').replaceAll(/\s+/g, ' ')}, ${name} } from '${from}';`,
    );
  const line = `import { ${name} } from '${from}';\n`;
  const last = [...text.matchAll(/^import\s[^;]*;\n/gm)].at(-1);
  if (last === undefined) return `${line}\n${text}`;
  const end = last.index + last[0].length;
  return `${text.slice(0, end)}${line}${text.slice(end)}`;
}

/** The text with an element more at the end of the first array that follows `opening`; undefined where there is no such array. */
export function withElement(text: string, opening: RegExp, element: string): string | undefined {
  const found = opening.exec(text);
  if (found === null) return undefined;
  const start = found.index + found[0].length;
  const end = closingOf(text, start);
  if (end === undefined) return undefined;
  const elements = text.slice(start, end).trim().replace(/,$/, '');
  return `${text.slice(0, start)}${elements === '' ? element : `${elements}, ${element}`}${text.slice(end)}`;
}

/** The text with something right before the end of a class; undefined where there is no such class. */
export function withMember(text: string, className: string, member: string): string | undefined {
  const found = new RegExp(`\\bclass ${className}\\b[^{]*\\{`).exec(text);
  if (found === null) return undefined;
  // Prettier puts the end of a class, and of nothing within it, at the beginning of a line.
  const end = text.indexOf('\n}', found.index);
  return end === -1 ? undefined : `${text.slice(0, end)}\n\n${member}${text.slice(end)}`;
}

/** Where the bracket closes before whose content `start` is; brackets in texts and comments do not count. */
function closingOf(text: string, start: number): number | undefined {
  const tokens = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|\/\/[^\n]*|\/\*[^]*?\*\/|[[\]]/g;
  tokens.lastIndex = start;
  let depth = 1;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    if (token[0] === '[') depth += 1;
    if (token[0] === ']' && (depth -= 1) === 0) return token.index;
  }
  return undefined;
}
