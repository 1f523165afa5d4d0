import { describe, expect, it, onTestFinished } from 'vitest';
import type { KafkaBroker } from '../broker/kafka-broker.js';
import { askDesk, BrokerDesk } from './broker-desk.js';

function fakeBroker(): KafkaBroker & { stops: number } {
  return {
    brokers: ['127.0.0.1:1'],
    kind: 'ephemeral',
    pid: undefined,
    log: undefined,
    dataFolder: undefined,
    proxy: undefined,
    kill: () => Promise.resolve(),
    restart: () => Promise.resolve(),
    stops: 0,
    async stop() {
      this.stops += 1;
    },
  };
}

async function open(start: () => Promise<KafkaBroker>): Promise<BrokerDesk> {
  const desk = await BrokerDesk.open(start);
  onTestFinished(() => desk.close());
  return desk;
}

describe('BrokerDesk', () => {
  it('starts one broker for all who ask, when the first asks, and ends it', async () => {
    const broker = fakeBroker();
    let starts = 0;
    const desk = await open(async () => {
      starts += 1;
      return broker;
    });
    expect(starts).toBe(0);
    expect(await Promise.all([askDesk(desk.url), askDesk(desk.url)])).toEqual([broker.brokers, broker.brokers]);
    expect(starts).toBe(1);
    await desk.close();
    expect(broker.stops).toBe(1);
  });

  it('starts nothing where nobody asks', async () => {
    const desk = await open(() => Promise.reject(new Error('asked')));
    const { url } = desk;
    await desk.close();
    await expect(askDesk(url)).rejects.toThrow('fetch failed');
  });

  it('tells all who ask why there is no broker, after one attempt', async () => {
    let starts = 0;
    const desk = await open(() => {
      starts += 1;
      return Promise.reject(new Error('install Java 17'));
    });
    await expect(askDesk(desk.url)).rejects.toThrow('install Java 17');
    await expect(askDesk(desk.url)).rejects.toThrow('install Java 17');
    expect(starts).toBe(1);
  });
});
