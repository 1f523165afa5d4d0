import type { DestinationStream } from 'pino';

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
// Of every line, and of no use to whoever looks at one process.
const NOISE = new Set(['level', 'time', 'service', 'msg', 'err']);

interface Entry {
  readonly level: number;
  readonly msg?: string;
  readonly err?: { readonly stack?: string };
}

/** Turns pino's JSON into lines for a screen: level, message, what else there is, and an error's stack below. */
export function plainLines(write: (text: string) => void): DestinationStream {
  return { write: (line) => write(plainLine(line)) };
}

function plainLine(line: string): string {
  const entry = JSON.parse(line) as Entry;
  const details = Object.fromEntries(Object.entries(entry).filter(([name]) => !NOISE.has(name)));
  const head = [
    LEVELS[entry.level]?.toUpperCase() ?? '',
    entry.msg ?? '',
    ...(Object.keys(details).length > 0 ? [JSON.stringify(details)] : []),
  ].join('  ');
  return entry.err?.stack === undefined ? `${head}\n` : `${head}\n${entry.err.stack}\n`;
}
