import type { Choice } from './contexts.js';

const BEGIN = String.raw`^[ ]*(?:<!--|#|\/\/) (all|alone|kafka)(?: -->)?\n`;
const END = String.raw`^[ ]*(?:<!--|#|\/\/) end(?: -->)?\n`;
const SECTION = new RegExp(`${BEGIN}([^]*?)${END}`, 'gm');
/** A row, blank lines, and a row that no line of dashes makes the head of another table. */
const CUT_TABLE = /^(\|.*\|)\n{2,}(?=\|.*\|\n(?!\| ?-))/gm;

/**
 * A text without the sections of other choices. One stands between two comments, in the language of the file: from `kafka`, `all` (contexts) or
 * `alone` (some are left out) to `end`. Rows of a table that stood in one go on with the table before.
 */
export function withSections(text: string, { isWhole, hasKafka }: Pick<Choice, 'isWhole' | 'hasKafka'>): string {
  const wanted: Readonly<Record<string, boolean>> = { all: isWhole, alone: !isWhole, kafka: hasKafka };
  return text
    .replaceAll(SECTION, (_match, kind: string, section: string) => (wanted[kind] ? section : ''))
    .replaceAll(CUT_TABLE, '$1\n');
}
