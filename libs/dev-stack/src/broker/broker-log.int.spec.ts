import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import { readFindings } from './broker-log.js';

async function findingsOf(...lines: readonly string[]) {
  const file = join(await temporaryFolder(), 'broker.log');
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  return readFindings(file);
}

const INFO = '12:00:00.000 [main] INFO kafka.server.ControllerServer - [ControllerServer id=1] Starting controller';

describe('readFindings', () => {
  it('knows a taken port by the cause, and leaves the stack out', async () => {
    const error =
      '12:00:00.100 [main] ERROR kafka.server.BrokerServer - [BrokerServer id=1] Fatal error during startup';
    const cause = 'Caused by: java.net.BindException: Address already in use';
    expect(await findingsOf(INFO, error, '\tat java.base/sun.nio.ch.Net.bind0(Native Method)', cause)).toEqual({
      failure: 'address-in-use',
      lines: [error, cause],
    });
  });

  it('knows a locked data folder', async () => {
    const cause =
      'org.apache.kafka.common.KafkaException: Failed to acquire lock on file .lock in /data. A Kafka instance in another process or thread is using this directory.';
    expect(await findingsOf(INFO, cause)).toEqual({ failure: 'data-folder-in-use', lines: [cause] });
  });

  it('knows data of a newer Kafka', async () => {
    const cause = 'java.lang.IllegalArgumentException: No MetadataVersion with feature level 27';
    expect(await findingsOf(INFO, cause)).toEqual({ failure: 'incompatible-data', lines: [cause] });
  });

  it('quotes what Java says before any log is written', async () => {
    const line = 'Error: Could not find or load main class kafka.Kafka';
    expect(await findingsOf(line)).toEqual({ failure: 'other', lines: [line] });
  });

  it('shows the last lines where none is an error, and nothing without a log', async () => {
    expect(await findingsOf('one', 'two', 'three', 'four')).toEqual({
      failure: 'other',
      lines: ['two', 'three', 'four'],
    });
    expect(await readFindings('/nonexistent/broker.log')).toEqual({ failure: 'other', lines: [] });
  });
});
