import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { classpath, KAFKA_TOOL } from './java-arguments.js';

const run = promisify(execFile);

/**
 * Lets a small tool of Kafka run: only that shows that the jars fit each other and this Java. Throws an `Error` with the reason.
 * @internal
 */
export async function probeLibraries(java: string, libs: string): Promise<void> {
  await run(java, [...classpath(libs), KAFKA_TOOL, 'random-uuid'], { timeout: 60_000 }).catch((error: unknown) => {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(`the fetched Kafka does not run: ${stderr.split('\n')[0] || String(error)}`, { cause: error });
  });
}
