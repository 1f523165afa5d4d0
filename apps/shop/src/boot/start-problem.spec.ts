import { ConfigurationError, StoreUnavailable } from '@nestfold/core';
import { DataFolderInUseError } from '@nestfold/dev-stack';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ShopRunsAlreadyError } from './already-running.js';
import { PortInUseError } from './port-in-use.error.js';
import { startProblem } from './start-problem.js';

describe('a failed start', () => {
  it('names the remedy and shows no stack where it is for the user to mend', async () => {
    const denied: unknown = await readFile('/no/such/folder').catch((error: unknown) => error);
    const remedies: readonly (readonly [unknown, RegExp])[] = [
      [new PortInUseError('127.0.0.1', 3000), /Port 3000 .* PORT=3001/],
      [new DataFolderInUseError('.data', 'process 7', 'Stop that one first.'), /process 7.*\n.*DATA_DIR/],
      [new ShopRunsAlreadyError(7, 3001, '.data'), /process 7.* PORT=3001 DATA_DIR=\.data2 npm start$/],
      [ConfigurationError.of(['PORT: must be a number']), /PORT: must be a number/],
      [new StoreUnavailable('No server answers.'), /No server answers\.\nCheck MONGODB_URI/],
      [denied, /ENOENT.*\nCheck DATA_DIR/],
    ];
    for (const [error, remedy] of remedies) {
      expect(startProblem(error)).toMatch(remedy);
      expect(startProblem(error)).not.toContain('    at ');
    }
  });

  it('shows the stack of what is nobody else’s fault', () => {
    expect(startProblem(new TypeError('x is not a function'))).toContain('    at ');
  });
});
