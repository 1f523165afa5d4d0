import { describe, expect, it } from 'vitest';
import { isUuid, uuidV5 } from './uuid.js';

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const URL = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

describe('uuidV5', () => {
  it.each([
    // RFC 9562, appendix A.4.
    [DNS, 'www.example.com', '2ed6657d-e927-568b-95e1-2665a8aea6a2'],
    // The example of Python's uuid module.
    [DNS, 'python.org', '886313e1-3b8a-5372-9b90-0c9aee199e5d'],
    [URL, 'https://nestfold.dev/ids/commands', 'd5df1198-4003-5e32-90d0-55024ddc09fa'],
  ])('in %s is of %j: %s', (namespace, name, expected) => {
    expect(uuidV5(namespace, name)).toBe(expected);
    expect(isUuid(expected)).toBe(true);
  });

  it('takes a namespace in capitals for the same', () => {
    expect(uuidV5(DNS.toUpperCase(), 'a')).toBe(uuidV5(DNS, 'a'));
  });

  it.each(['', 'order-1', DNS.slice(1), `${DNS}\n`])('refuses the namespace %j', (namespace) => {
    expect(() => uuidV5(namespace, 'a')).toThrow(RangeError);
  });
});
