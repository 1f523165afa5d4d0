import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import { readFindings } from './mongod-log.js';

async function findingsOf(...lines: readonly (object | string)[]) {
  const file = join(await temporaryFolder(), 'mongod.log');
  await writeFile(file, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  return readFindings(file);
}

describe('readFindings', () => {
  it('tells a locked data folder from other uncaught exceptions', async () => {
    const error = 'DBPathInUse: Unable to lock the lock file: /data/mongod.lock (Resource temporarily unavailable)';
    const start = { s: 'I', msg: 'MongoDB starting' };
    expect(
      await findingsOf(start, { s: 'E', msg: 'DBException in initAndListen, terminating', attr: { error } }),
    ).toEqual({
      failure: 'data-folder-in-use',
      lines: [`DBException in initAndListen, terminating: ${error}`],
    });
  });

  it('knows a taken port by the error object of the listener', async () => {
    const error = { code: 9001, codeName: 'SocketException', errmsg: 'Address already in use' };
    expect(await findingsOf({ s: 'E', msg: 'Failed to set up listener', attr: { error } })).toMatchObject({
      failure: 'address-in-use',
    });
  });

  it('knows data of another version', async () => {
    const error = 'UPGRADE PROBLEM: Found an invalid featureCompatibilityVersion document';
    expect(await findingsOf({ s: 'F', msg: 'Wrong mongod version', attr: { error } })).toMatchObject({
      failure: 'incompatible-data',
    });
  });

  it('shows the last lines where none is an error, and nothing without a log', async () => {
    expect(await findingsOf('one', 'two', 'three', 'four')).toEqual({
      failure: 'other',
      lines: ['two', 'three', 'four'],
    });
    expect(await readFindings('/nonexistent/mongod.log')).toEqual({ failure: 'other', lines: [] });
  });
});
