import type { Choice } from './contexts.js';

const BEGIN = String.raw`^[ ]*(?:<!--|#|\/\/) (all|alone|kafka)(?: -->)?\n`;
const END = String.raw`^[ ]*(?:<!--|#|\/\/) end(?: -->)?\n`;
const SECTION = new RegExp(`${BEGIN}([^]*?)${END}`, 'gm');

/**
 * A text without the sections of other choices. One stands between two comments, in the language of the file: from `kafka`, `all` (contexts) or
 * `alone` (some are left out) to `end`.
 */
export function withSections(text: string, { isWhole, hasKafka }: Pick<Choice, 'isWhole' | 'hasKafka'>): string {
  const wanted: Readonly<Record<string, boolean>> = { all: isWhole, alone: !isWhole, kafka: hasKafka };
  return text.replaceAll(SECTION, (_match, kind: string, section: string) => (wanted[kind] ? section : ''));
}
