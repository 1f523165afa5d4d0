import { describe, expect, it } from 'vitest';
import { onFreePorts } from './free-port.js';
import { ServerStartError, type StartFailure } from './server-start.error.js';

const failing = (failure: StartFailure) =>
  new ServerStartError({
    product: 'X',
    program: 'x',
    where: 'here',
    reason: 'it ended',
    findings: { failure, lines: [] },
  });

describe('onFreePorts', () => {
  it('takes other ports where another process was faster', async () => {
    const tried: (readonly number[])[] = [];
    const started = await onFreePorts(2, async (ports) => {
      tried.push(ports);
      if (tried.length < 3) throw failing('address-in-use');
      return ports;
    });
    expect(started).toEqual(tried[2]);
    expect(new Set(tried.flat()).size).toBe(6);
  });

  it('gives up after three, and at once where something else is wrong', async () => {
    let attempts = 0;
    const start = (failure: StartFailure) => () => {
      attempts += 1;
      return Promise.reject(failing(failure));
    };
    await expect(onFreePorts(1, start('address-in-use'))).rejects.toMatchObject({ failure: 'address-in-use' });
    expect(attempts).toBe(3);
    await expect(onFreePorts(1, start('other'))).rejects.toMatchObject({ failure: 'other' });
    expect(attempts).toBe(4);
  });
});
