import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeMachine, writeFakeJava, writeProgram } from '../testing/fake-java.fixture.js';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import { javaOfHome, pathSource } from './installed-java.js';

const onPath = async (...folders: readonly string[]) =>
  (await pathSource.find(fakeMachine({ env: { PATH: folders.join(delimiter) } }))).java;

describe('a Java that is installed', () => {
  it('takes the first on PATH that is new enough', async () => {
    const [old, broken, good] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
    await writeFakeJava(join(old, 'java'), '1.8.0_402');
    await writeProgram(join(broken, 'java'), 'echo "Unable to locate a Java Runtime." >&2; exit 1');
    const java = await writeFakeJava(join(good, 'java'), '21');
    expect(await onPath('/nonexistent', old, broken, good)).toBe(java);
  });

  it('of a home is the one in its bin', async () => {
    const home = await temporaryFolder();
    const java = await writeFakeJava(join(home, 'bin', 'java'));
    expect(await javaOfHome(home, 'linux')).toBe(java);
    await expect(javaOfHome('/nonexistent', 'linux')).rejects.toThrow(
      '/nonexistent/bin/java does not run: no such file',
    );
  });

  it('says which Java is too old, rather than that there is none', async () => {
    const folder = await temporaryFolder();
    await writeFakeJava(join(folder, 'java'), '1.8.0_402');
    await expect(onPath(folder, '/nonexistent')).rejects.toThrow(
      `${join(folder, 'java')} is Java 8; 17 or newer is needed`,
    );
  });

  it('says what a Java says that does not run', async () => {
    const folder = await temporaryFolder();
    await writeProgram(join(folder, 'java'), 'echo "Unable to locate a Java Runtime." >&2; exit 1');
    await expect(onPath(folder)).rejects.toThrow('does not run: Unable to locate a Java Runtime.');
  });
});
