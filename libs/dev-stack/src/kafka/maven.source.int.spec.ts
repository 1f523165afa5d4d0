import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeMachine, writeFakeJava, writeProgram } from '../testing/fake-java.fixture.js';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import type { KafkaContext } from './kafka.source.js';
import { cacheSource } from './library-cache.js';
import { mavenSource, type Maven } from './maven.source.js';

/** Stands for a Maven that finds what is asked for. */
const finding =
  (...jars: readonly string[]): Maven =>
  async (folder) => {
    await mkdir(join(folder, 'libs'));
    for (const jar of jars) await writeFile(join(folder, 'libs', jar), jar);
  };

const JARS = ['kafka_2.13-3.9.1.jar', 'slf4j-simple-1.7.36.jar'];

async function machine(overrides: Partial<KafkaContext> = {}): Promise<KafkaContext> {
  const java = await writeFakeJava(join(await temporaryFolder(), 'java'));
  return fakeMachine({ java, cacheFolder: await temporaryFolder(), ...overrides });
}

describe('mavenSource', () => {
  it('puts the libraries into the cache, where they are found from then on, and nothing else', async () => {
    const context = await machine();
    const libs = join(context.cacheFolder, 'kafka-3.9.1');
    await expect(cacheSource.find(context)).rejects.toThrow(`no Kafka 3.9.1 in ${context.cacheFolder}`);
    expect(await mavenSource(finding(...JARS)).find(context)).toEqual({ libs, version: '3.9.1' });
    expect(await readdir(context.cacheFolder)).toEqual(['kafka-3.9.1']);
    expect((await readdir(libs)).sort()).toEqual(JARS);
    expect(await cacheSource.find(context)).toEqual({ libs, version: '3.9.1' });
    await expect(cacheSource.find({ ...context, version: '4.1.0' })).rejects.toThrow('no Kafka 4.1.0 in');
  });

  it('keeps libraries that do not run here out of the cache', async () => {
    const java = await writeProgram(
      join(await temporaryFolder(), 'java'),
      'echo "UnsupportedClassVersionError" >&2; exit 1',
    );
    const context = await machine({ java });
    await expect(mavenSource(finding(...JARS)).find(context)).rejects.toThrow(
      'does not run: UnsupportedClassVersionError',
    );
    expect(await readdir(context.cacheFolder)).toEqual([]);
  });

  it('keeps a broker of another version out of the cache', async () => {
    const context = await machine({ version: '4.1.0' });
    await expect(mavenSource(finding(...JARS)).find(context)).rejects.toThrow('no broker is in what was fetched');
    expect(await readdir(context.cacheFolder)).toEqual([]);
  });

  it('gives both of two processes that fetch at once whole libraries', async () => {
    const context = await machine();
    const fetch = () => mavenSource(finding(...JARS)).find(context);
    const [first, second] = await Promise.all([fetch(), fetch()]);
    expect(first).toEqual(second);
    expect((await readdir(first.libs)).sort()).toEqual(JARS);
    expect(await readdir(context.cacheFolder)).toEqual(['kafka-3.9.1']);
  });

  it('says what to delete where somebody has taken jars out of the cache', async () => {
    const context = await machine();
    const libs = join(context.cacheFolder, 'kafka-3.9.1');
    await mkdir(libs);
    await writeFile(join(libs, 'slf4j-simple-1.7.36.jar'), '');
    await expect(mavenSource(finding(...JARS)).find(context)).rejects.toThrow(`${libs} is not whole: delete it`);
  });

  it('leaves nothing behind of a download that breaks off, and fetches anew the next time', async () => {
    const context = await machine();
    const breaking: Maven = async (folder, args, env) => {
      await finding('kafka_2.13-3.9.1.jar')(folder, args, env);
      throw new Error('mvn failed: Checksum validation failed');
    };
    await expect(mavenSource(breaking).find(context)).rejects.toThrow('Checksum validation failed');
    expect(await readdir(context.cacheFolder)).toEqual([]);
    expect(await mavenSource(finding(...JARS)).find(context)).toMatchObject({ version: '3.9.1' });
  });

  it('tells what it fetches before it does', async () => {
    const lines: string[] = [];
    await mavenSource(finding(...JARS)).find(await machine({ report: (line) => lines.push(line) }));
    expect(lines).toEqual(['fetching Kafka 3.9.1 with Maven (46 MB) …']);
  });
});

describe('the Maven that is installed', () => {
  it('is run in the folder of the project that it is given', async () => {
    const folder = await temporaryFolder();
    const script = 'test -f pom.xml && mkdir libs && touch libs/kafka_2.13-3.9.1.jar';
    await writeProgram(join(folder, 'mvn'), script);
    const context = await machine({ env: { PATH: [folder, process.env['PATH']].join(delimiter) } });
    expect(await mavenSource().find(context)).toMatchObject({ version: '3.9.1' });
  });

  it('is quoted with its first error', async () => {
    const folder = await temporaryFolder();
    await writeProgram(
      join(folder, 'mvn'),
      `printf '\\033[0m[ERROR] Could not resolve it -> [Help 1]\\n[ERROR] \\n[ERROR] more\\n'; exit 1`,
    );
    const context = await machine({ env: { PATH: folder } });
    await expect(mavenSource().find(context)).rejects.toThrow(/^mvn failed: Could not resolve it$/);
  });

  it('may be missing', async () => {
    const context = await machine({ env: { PATH: '/nonexistent' } });
    await expect(mavenSource().find(context)).rejects.toThrow('mvn is not installed');
  });
});
