/** Receives one line about a step that takes long. @publicApi */
export type Report = (message: string) => void;

/** Writes to stderr, so that a program's own output on stdout stays clean. @internal */
export const reportToStderr: Report = (message) => {
  process.stderr.write(`nestfold: ${message}\n`);
};

const FIRST_WORD_MS = 2_000;

/**
 * Runs a step that surely takes long: says at once what is being waited for, and then as `withProgress` does.
 * @internal
 */
export async function announced<T>(label: string, report: Report, step: () => Promise<T>): Promise<T> {
  report(`${label} …`);
  return withProgress(label, report, step);
}

/**
 * Runs a step and, once it lasts more than two seconds, says every two seconds what is being waited for.
 * A short step stays silent.
 * @internal
 */
export async function withProgress<T>(label: string, report: Report, step: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const timer = setInterval(() => {
    report(`${label} … ${Math.round((Date.now() - started) / 1_000)} s`);
  }, FIRST_WORD_MS);
  try {
    return await step();
  } finally {
    clearInterval(timer);
  }
}
