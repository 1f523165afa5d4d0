import { readFile } from 'node:fs/promises';
import type { LogFindings, StartFailure } from '../process/server-start.error.js';

const FAILURES: readonly [string, StartFailure][] = [
  ['Address already in use', 'address-in-use'],
  ['Failed to acquire lock', 'data-folder-in-use'],
  ['No MetadataVersion with feature level', 'incompatible-data'],
];

// As slf4j-simple writes them: time, [thread], level. What Java itself complains of stands without any.
const GRAVE = /^\S+ \[.*?\] (ERROR|FATAL) |^(Caused by: |Exception in thread |Error: |java\.|org\.apache\.kafka\.)\S*/;

/** Reads the log of a Kafka that did not start: errors and their causes, else the last three lines. A missing one has no findings. @internal */
export async function readFindings(logFile: string): Promise<LogFindings> {
  return findingsIn(await readFile(logFile, 'utf8').catch(() => ''));
}

/** The same of what a Kafka has said. @internal */
export function findingsIn(text: string): LogFindings {
  const lines = text.split('\n').filter((line) => line !== '');
  const grave = lines.filter((line) => GRAVE.test(line));
  const known = FAILURES.find(([words]) => grave.some((line) => line.includes(words)));
  const shown = grave.length > 0 ? [...new Set(grave)].slice(0, 5) : lines.slice(-3);
  return { failure: known?.[1] ?? 'other', lines: shown };
}
