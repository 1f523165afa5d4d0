import { describe, expect, it } from 'vitest';
import { brokerProperties, propertiesText, type BrokerSettings } from './broker-properties.js';

const settings: BrokerSettings = { folder: '/data', port: 21_000, controllerPort: 21_001, heapMb: 512, extra: {} };

describe('brokerProperties', () => {
  it('make a broker that is its own controller and listens on this machine only', () => {
    expect(brokerProperties(settings)).toMatchObject({
      'process.roles': 'broker,controller',
      'controller.quorum.voters': '1@127.0.0.1:21001',
      listeners: 'PLAINTEXT://127.0.0.1:21000,CONTROLLER://127.0.0.1:21001',
      'advertised.listeners': 'PLAINTEXT://127.0.0.1:21000',
    });
  });

  it('let one broker do what three do elsewhere', () => {
    const properties = brokerProperties(settings);
    for (const name of ['offsets.topic.replication.factor', 'transaction.state.log.replication.factor'])
      expect(properties[name]).toBe('1');
    expect(properties['transaction.state.log.min.isr']).toBe('1');
    expect(properties['group.initial.rebalance.delay.ms']).toBe('0');
    expect(properties['auto.create.topics.enable']).toBe('false');
  });

  it('tell clients that came through a proxy to come back through it, and others not', () => {
    const properties = brokerProperties({ ...settings, behindProxy: { port: 21_002, proxyPort: 40_000 } });
    expect(properties['listeners']).toContain(',PROXIED://127.0.0.1:21002');
    expect(properties['advertised.listeners']).toBe('PLAINTEXT://127.0.0.1:21000,PROXIED://127.0.0.1:40000');
  });

  it('give way to those of the caller', () => {
    const properties = brokerProperties({ ...settings, extra: { 'node.id': '7', 'message.max.bytes': '4096' } });
    expect(properties).toMatchObject({ 'node.id': '7', 'message.max.bytes': '4096' });
  });
});

describe('propertiesText', () => {
  it('is one line a setting, in the letters that Java reads', () => {
    expect(propertiesText({ 'node.id': '1', listeners: 'A://h:1,B://h:2' })).toBe(
      'node.id=1\nlisteners=A\\://h\\:1,B\\://h\\:2\n',
    );
    expect(propertiesText({ 'a b': 'C:\\Füße\n= #' })).toBe('a\\ b=C\\:\\\\F\\u00fc\\u00dfe\\n\\=\\ \\#\n');
  });
});
