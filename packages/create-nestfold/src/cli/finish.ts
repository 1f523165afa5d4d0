import { UsageError } from '../usage.error.js';

/**
 * Runs a command to its end and sets the process's exit code: 2, with the remedy and no stack, for what was asked wrongly. Whoever reads what it says
 * may have had enough of it, as `head` has: it goes on, unheard.
 */
export async function finish(command: () => Promise<number>): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unlessUnheard);
  try {
    process.exitCode = await command();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

function unlessUnheard(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
