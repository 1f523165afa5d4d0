import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.fixture.js';
import { ownerOfFolder, readState, writeState } from './kept-state.js';

describe('what a start leaves beside the data', () => {
  it('is read as it was written', async () => {
    const folder = await temporaryFolder();
    const state = { port: 27_500, ownerPid: 1, serverPid: process.pid };
    await writeState(folder, state);
    expect(await readState(folder)).toEqual(state);
    expect(await ownerOfFolder(folder)).toBe(1);
  });

  // Unread, the data would move to another port.
  it('is read as well where an older version has written it', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'state.json'), JSON.stringify({ port: 27_500, ownerPid: 1, mongodPid: process.pid }));
    expect(await readState(folder)).toMatchObject({ port: 27_500, ownerPid: 1, serverPid: process.pid });
  });

  it('counts for nothing where it cannot be read', async () => {
    const folder = await temporaryFolder();
    expect(await readState(folder)).toBeUndefined();
    for (const text of ['null', '{"port":', '{"port":"1","ownerPid":1,"serverPid":1}']) {
      await writeFile(join(folder, 'state.json'), text);
      expect(await readState(folder)).toBeUndefined();
    }
  });
});
