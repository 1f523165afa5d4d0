import { parseArgs } from 'node:util';

const LARGE_EVENTS = 10_000_000;

/** What was asked for on the command line. */
export interface BenchArguments {
  readonly quick: boolean;
  readonly only: string | undefined;
  readonly events: number;
  readonly profile: boolean;
}

/** Reads the command line. Throws an error that says what is wrong with it. */
export function readArguments(args: readonly string[], paths: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      events: { type: 'string' },
      profile: { type: 'boolean', default: false },
    },
  });
  const { quick, only, profile } = values;
  if (only !== undefined && !paths.includes(only))
    throw new Error(`There is no path '${only}'. Choose one of: ${paths.join(', ')}.`);
  const events = values.events === undefined ? LARGE_EVENTS : Number(values.events);
  if (!Number.isInteger(events) || events < 20_000)
    throw new Error(`--events is for --only large: a whole number from 20000, not '${values.events}'.`);
  return { quick, only, events, profile };
}
