import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KafkaContext } from '../kafka/kafka.source.js';

/** Writes a program that answers `-version` as Java does, runs every class without a word, and returns its path. */
export async function writeFakeJava(path: string, version = '17.0.15'): Promise<string> {
  return writeProgram(path, `echo 'openjdk version "${version}" 2025-04-15' >&2`);
}

/** Writes a shell script and returns its path. */
export async function writeProgram(path: string, script: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** A machine with nothing on it but what the test says. */
export function fakeMachine(overrides: Partial<KafkaContext> = {}): KafkaContext {
  return {
    env: {},
    platform: 'linux',
    arch: 'x64',
    version: '3.9.1',
    java: '/nonexistent/java',
    cacheFolder: '/nonexistent',
    report: () => undefined,
    ...overrides,
  };
}
