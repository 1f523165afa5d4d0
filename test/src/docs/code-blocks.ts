/** A piece of TypeScript that a page shows. */
export interface CodeBlock {
  /** `<page>:<line>`. */
  readonly place: string;
  readonly lines: readonly string[];
}

const BLOCK = /^```ts\n(.*?)^```$/gms;

/** The TypeScript that a page shows, line by line, without indentation. */
export function codeBlocksOf(page: string, text: string): CodeBlock[] {
  return [...text.matchAll(BLOCK)].map(({ 1: code = '', index }) => ({
    place: `${page}:${text.slice(0, index).split('\n').length}`,
    lines: linesOf(code),
  }));
}

/** Whether a source holds all lines of a block, one after the other, however deep it indents them. */
export function holds(source: string, { lines }: CodeBlock): boolean {
  return `\n${linesOf(source).join('\n')}\n`.includes(`\n${lines.join('\n')}\n`);
}

/** Imports stand at the top of a source wherever a page shows them, so they and what they are for may stand apart. */
export function partsOf({ place, lines }: CodeBlock): CodeBlock[] {
  const blank = lines.indexOf('');
  const isImport = blank > 0 && lines.slice(0, blank).every((line) => line.startsWith('import '));
  const parts = isImport ? [lines.slice(0, blank), lines.slice(blank + 1)] : [lines];
  return parts.map((part) => ({ place, lines: part }));
}

function linesOf(code: string): string[] {
  return code
    .trim()
    .split('\n')
    .map((line) => line.trim());
}
