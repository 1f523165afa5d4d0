import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { classpath, KAFKA_TOOL } from '../kafka/java-arguments.js';
import type { Watchdog } from '../process/watchdog.js';
import { moveWhole } from '../support/move-whole.js';
import { findingsIn } from './broker-log.js';
import { DATA, propertiesText, type BrokerProperties } from './broker-properties.js';
import { KafkaStartError } from './kafka-start.error.js';

/** What runs Kafka's programs. @internal */
export interface KafkaRuntime {
  readonly java: string;
  /** Folder with the jars. */
  readonly libs: string;
}

const FILE = 'broker.properties';
const run = promisify(execFile);

/**
 * Gives a folder the data folder that a broker begins with; one that is there stays. It is made elsewhere and moved in one step:
 * a crash leaves none or a whole one, and of two starts at once both find the same.
 * @internal
 */
export async function formatStorage(
  folder: string,
  properties: BrokerProperties,
  { java, libs }: KafkaRuntime,
  watchdog: Watchdog,
): Promise<void> {
  if (await isThere(join(folder, DATA))) return;
  const workshop = await mkdtemp(join(folder, '.format-'));
  try {
    await writeFile(join(workshop, FILE), propertiesText(properties));
    const args = ['format', `--cluster-id=${clusterId()}`, '--config', FILE];
    const tool = run(java, ['-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', ...classpath(libs), KAFKA_TOOL, ...args], {
      cwd: workshop,
    });
    const { pid } = tool.child;
    if (pid !== undefined) watchdog.watch(pid);
    await tool.finally(() => pid !== undefined && watchdog.forget(pid)).catch(explain(folder));
    await moveWhole(join(workshop, DATA), join(folder, DATA));
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

/** Kafka's form of an id; one that begins with a dash would be taken for an option. */
function clusterId(): string {
  return randomBytes(16).toString('base64url').replace(/^-/, 'A');
}

function explain(folder: string) {
  return (error: unknown): never => {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new KafkaStartError(`with ${folder}`, 'its data folder could not be made', findingsIn(stderr));
  };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
