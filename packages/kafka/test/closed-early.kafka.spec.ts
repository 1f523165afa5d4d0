import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemEnvironment } from '@nestfold/core';
import { rigForEach } from './transport.fixture.js';

describe('reader of a topic that is closed while it begins', () => {
  const rig = rigForEach();

  // Told to leave at once, the client joined after it was closed, and fetched the topic until the process was killed.
  it('leaves no client behind that joins later and fetches for nobody', async () => {
    const topics = [{ name: 'order', partitions: 2 }];
    const transport = await rig.transport(topics);
    await transport.prepare([{ name: 'order', categories: ['order'], partitions: 2 }]);
    for (const milliseconds of [0, 5, 10, 20, 40, 60, 80, 100, 150, 200, 300, 400]) {
      const reader = transport.reader('early', 'order');
      reader.open(0, 0);
      await systemEnvironment.sleep(milliseconds);
      await reader.close();
    }
    const admin = new Kafka({ brokers: [...rig.brokers], logLevel: logLevel.NOTHING }).admin();
    onTestFinished(() => admin.disconnect());
    await admin.connect();
    const joined = async (): Promise<string[]> => {
      const { groups } = await admin.listGroups();
      const ids = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(`${rig.prefix}.early`));
      const described = ids.length === 0 ? [] : (await admin.describeGroups(ids)).groups;
      return described.filter(({ members }) => members.length > 0).map(({ groupId }) => groupId);
    };
    // Longer than a join takes.
    await systemEnvironment.sleep(6_000);
    await expect.poll(joined, { timeout: 5_000 }).toEqual([]);
  });
});
