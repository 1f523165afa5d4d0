import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SourceContext } from '../mongod/mongod.source.js';

/** The content of a program that answers `--version` as a mongod does, and can do nothing else. */
export function fakeMongod(version: string): string {
  return `#!/bin/sh\necho "db version v${version}"\n`;
}

/** Writes such a program and returns its path. */
export async function writeFakeMongod(path: string, version: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, fakeMongod(version));
  await chmod(path, 0o755);
  return path;
}

/** A Linux machine with nothing on it but what the test says. */
export function fakeMachine(overrides: Partial<SourceContext> = {}): SourceContext {
  return {
    env: {},
    platform: 'linux',
    arch: 'x64',
    cacheFolder: '/nonexistent',
    report: () => undefined,
    ...overrides,
  };
}
