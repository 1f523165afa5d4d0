import { readFile } from 'node:fs/promises';
import type { LogFindings, StartFailure } from '../process/server-start.error.js';

interface LogLine {
  readonly s?: string;
  readonly msg?: string;
  readonly attr?: { readonly error?: unknown };
}

// Exit codes are shared by unlike faults (100 is any uncaught exception), the error names are not.
const FAILURES: readonly [string, StartFailure][] = [
  ['Address already in use', 'address-in-use'],
  ['DBPathInUse', 'data-folder-in-use'],
  ['UPGRADE PROBLEM', 'incompatible-data'],
  ['This version of MongoDB is too recent', 'incompatible-data'],
  ['Wrong mongod version', 'incompatible-data'],
];

/** Reads the log of a mongod that did not start: the errors and fatal lines, else the last three. A missing one has no findings. @internal */
export async function readFindings(logFile: string): Promise<LogFindings> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  const grave = lines.map(parse).filter((line) => line.s === 'E' || line.s === 'F');
  const shown = grave.length > 0 ? grave.slice(0, 5).map(describe) : lines.slice(-3);
  const known = FAILURES.find(([words]) => shown.some((line) => line.includes(words)));
  return { failure: known?.[1] ?? 'other', lines: shown };
}

function describe({ msg = '', attr }: LogLine): string {
  const error = attr?.error;
  if (error === undefined) return msg;
  return `${msg}: ${typeof error === 'string' ? error : JSON.stringify(error)}`;
}

function parse(line: string): LogLine {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
