import { describe, expect, it } from 'vitest';
import type { JavaSource } from '../java/java.source.js';
import { JAVA_SOURCES } from '../java/resolve-java.js';
import { fakeMachine } from '../testing/fake-java.fixture.js';
import { KafkaNotFoundError } from './kafka-not-found.error.js';
import type { KafkaSource, KafkaSourceName } from './kafka.source.js';
import { resolveKafka, resolveOn, SOURCES } from './resolve-kafka.js';

const java: JavaSource = { name: 'Java on PATH', find: () => Promise.resolve({ java: '/java' }) };
const noJava: JavaSource = { name: 'Java on PATH', find: () => Promise.reject(new Error('no java on PATH')) };
const asked: KafkaSourceName[] = [];
const having = (name: KafkaSourceName, libs: string): KafkaSource => ({
  name,
  find: ({ version }) => {
    asked.push(name);
    return Promise.resolve({ libs, version });
  },
});
const lacking = (name: KafkaSourceName, reason: string): KafkaSource => ({
  name,
  find: () => {
    asked.push(name);
    return Promise.reject(new Error(reason));
  },
});

describe('resolveKafka', () => {
  it('takes the brokers of KAFKA_BROKERS before any of its own, even where there is no Java', async () => {
    const env = { KAFKA_BROKERS: 'one.example:9092, two.example:9093,' };
    expect(await resolveKafka({ env })).toEqual({ kind: 'brokers', brokers: ['one.example:9092', 'two.example:9093'] });
  });

  it.each(['broker.example', 'one:9092,two', 'http://broker:9092', ' , '])(
    'refuses KAFKA_BROKERS=%s',
    async (value) => {
      await expect(resolveKafka({ env: { KAFKA_BROKERS: value } })).rejects.toThrow(
        /KAFKA_BROKERS cannot be used: ".+" is/,
      );
    },
  );

  it.each(['3.9', 'latest', '../../3.9.1', '3.9.1</version>'])('refuses NESTFOLD_KAFKA_VERSION=%s', async (version) => {
    const env = { NESTFOLD_KAFKA_VERSION: version };
    await expect(resolveKafka({ env })).rejects.toThrow(/NESTFOLD_KAFKA_VERSION cannot be used: ".+" is no version/);
  });
});

describe('resolveOn', () => {
  it('says in one message that Java is missing everywhere and what to do, and looks for no Kafka then', async () => {
    asked.length = 0;
    const machine = fakeMachine({ env: { KAFKA_BROKERS: 'broker.example:9092' } });
    const error = await resolveOn(machine, true, [noJava], [having('cache', '/cache')]).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(KafkaNotFoundError);
    expect(error).toMatchObject({
      code: 'KAFKA_NOT_FOUND',
      attempts: [
        { source: 'KAFKA_BROKERS', reason: 'to be ignored' },
        { source: 'JAVA_HOME', reason: 'not set' },
        { source: 'Java on PATH', reason: 'no java on PATH' },
      ],
    });
    const { message } = error as KafkaNotFoundError;
    expect(message).toContain('  - Java on PATH: no java on PATH');
    expect(message).toContain('set KAFKA_BROKERS');
    expect(message).toContain('install Java 17');
    expect(asked).toEqual([]);
  });

  it('takes no other Java where JAVA_HOME cannot be used', async () => {
    const machine = fakeMachine({ env: { JAVA_HOME: '/nonexistent' } });
    await expect(resolveOn(machine, false, [java], [having('cache', '/cache')])).rejects.toThrow(
      'JAVA_HOME: /nonexistent/bin/java does not run: no such file',
    );
  });

  it('asks the cache, then Maven, then for the official download', () => {
    expect(SOURCES.map(({ name }) => name)).toEqual(['cache', 'Maven', 'official download']);
    expect(JAVA_SOURCES.map(({ name }) => name)).toEqual([
      'Java on PATH',
      'Java in the cache',
      'official download of Java',
      'Java in a wheel',
    ]);
  });

  it('stops at the first source that has the wanted version', async () => {
    asked.length = 0;
    const machine = fakeMachine({ env: { NESTFOLD_KAFKA_VERSION: '4.1.0' } });
    const sources = [having('cache', '/cache/kafka-4.1.0'), having('Maven', '/fetched')];
    expect(await resolveOn(machine, false, [java], sources)).toEqual({
      kind: 'libraries',
      java: '/java',
      source: 'cache',
      libs: '/cache/kafka-4.1.0',
      version: '4.1.0',
    });
    expect(asked).toEqual(['cache']);
  });

  it('says which version was wanted, what was tried and why it failed', async () => {
    const sources = [lacking('cache', 'no Kafka 3.9.1 in /cache'), lacking('Maven', 'mvn is not installed')];
    await expect(resolveOn(fakeMachine(), false, [java], sources)).rejects.toThrow(
      'No Kafka 3.9.1 is at hand. Tried:\n  - KAFKA_BROKERS: not set\n  - cache: no Kafka 3.9.1 in /cache\n  - Maven: mvn is not installed\nWhat to do:',
    );
  });
});
