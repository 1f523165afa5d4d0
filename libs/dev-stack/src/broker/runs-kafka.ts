import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { KAFKA_BROKER } from '../kafka/java-arguments.js';

const run = promisify(execFile);

/**
 * Whether the process with this id is a Kafka; `false` where the system does not tell. Ids are given again: whoever ends a process by
 * an id from a file must know that it is still the same.
 * @internal
 */
export async function runsKafka(pid: number): Promise<boolean> {
  const line = await commandLine(pid).catch(() => '');
  return line.split(/[\0 ]/).includes(KAFKA_BROKER);
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8');
  return (await run('ps', ['-ww', '-o', 'args=', '-p', String(pid)])).stdout.trim();
}
