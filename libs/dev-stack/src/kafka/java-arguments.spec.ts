import { delimiter } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brokerArguments } from './java-arguments.js';

describe('brokerArguments', () => {
  it('keep the broker small, log to its output and end with the class and its file', () => {
    const args = brokerArguments('/cache/kafka-3.9.1', 512, 'broker.properties');
    expect(args).toEqual(expect.arrayContaining(['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']));
    expect(args).toContain('-Dorg.slf4j.simpleLogger.defaultLogLevel=info');
    const path = ['/cache/kafka-3.9.1', '/cache/kafka-3.9.1/*'].join(delimiter);
    expect(args.slice(-4)).toEqual(['-cp', path, 'kafka.Kafka', 'broker.properties']);
  });
});
