import { parseArgs } from 'node:util';
import { UsageError } from '../usage.error.js';

/** A flag of a command; `value` names what it takes, where it takes something. */
export interface Flag {
  readonly help: string;
  readonly value?: string;
}

/** What was typed after a command. */
export interface Typed {
  readonly words: readonly string[];
  readonly values: Readonly<Record<string, string | true | undefined>>;
}

/** Reads what was typed. Throws `UsageError` for a flag that there is not, or that lacks its value, naming those that there are. */
export function typed(args: readonly string[], flags: Readonly<Record<string, Flag>>): Typed {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string' } as const,
    ]),
  );
  try {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return { words: positionals, values: values as Typed['values'] };
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split('. To specify')[0] ?? '') : String(error);
    throw new UsageError(`${problem}.`, `The flags are:\n${helpOf(flags)}`);
  }
}

/** The text of a flag that takes one. */
export function textOf({ values }: Typed, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** A line for each flag. */
export function helpOf(flags: Readonly<Record<string, Flag>>): string {
  const rows = Object.entries(flags).map(([name, { value, help }]) => [`--${name}${value ? ` <${value}>` : ''}`, help]);
  const width = Math.max(...rows.map(([flag = '']) => flag.length));
  return rows.map(([flag = '', help = '']) => `  ${flag.padEnd(width)}  ${help}`).join('\n');
}

/** A path as a shell takes it for one word. */
export function asOneWord(path: string): string {
  return /^[\w./\\:@+-]+$/.test(path) ? path : `"${path}"`;
}
