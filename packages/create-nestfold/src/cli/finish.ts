import { UsageError } from '../usage.error.js';

/** Runs a command to its end and sets the process's exit code: 2, with the remedy and no stack, for what was asked wrongly. */
export async function finish(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
