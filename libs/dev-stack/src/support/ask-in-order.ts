/** A place that was asked, and why it had nothing. @publicApi */
export interface FailedAttempt<Name extends string = string> {
  readonly source: Name;
  readonly reason: string;
}

/**
 * One place to get something from.
 *
 * An implementation returns what it has seen working here, or throws an `Error` whose message says in one
 * line why this place has none; the message is shown to the user as it is.
 * @internal
 */
export interface Source<Name extends string, Context, Found> {
  readonly name: Name;
  find(context: Context): Promise<Found>;
}

/**
 * Asks the sources one after the other, and stops at the first that has it. `failed` makes the error where none has.
 * @internal
 */
export async function askInOrder<Name extends string, Context, Found extends object>(
  sources: readonly Source<Name, Context, Found>[],
  context: Context,
  failed: (attempts: readonly FailedAttempt<Name>[]) => Error,
): Promise<Found & { readonly source: Name }> {
  const attempts: FailedAttempt<Name>[] = [];
  for (const source of sources) {
    try {
      return { source: source.name, ...(await source.find(context)) };
    } catch (error) {
      attempts.push({ source: source.name, reason: reasonOf(error) });
    }
  }
  throw failed(attempts);
}

/** An error in words. @internal */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Headline, what was tried, what to do: for an error that is shown as it is. @internal */
export function attemptsMessage(
  headline: string,
  attempts: readonly FailedAttempt[],
  remedies: readonly string[],
): string {
  const tried = attempts.map(({ source, reason }) => `  - ${source}: ${reason}`);
  return [`${headline} Tried:`, ...tried, 'What to do:', ...remedies.map((remedy) => `  - ${remedy}`)].join('\n');
}
