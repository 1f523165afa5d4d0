import { describe, expect, it } from 'vitest';
import { packedName, visibleName } from './collect-template.js';
import { ownTemplate } from './packed-template.js';

describe('the template', () => {
  it('is the repository’s own files, and those that only an application has', () => {
    const template = ownTemplate();
    expect([...template.keys()]).toEqual(
      expect.arrayContaining([
        '.gitignore',
        '.npmrc',
        'apps/shop/src/main.ts',
        'libs/orders/src/orders.module.ts',
        'versions.json',
      ]),
    );
    expect([...template.keys()].filter((path) => /\bdist\b|node_modules|tsbuildinfo/.test(path))).toEqual([]);
  });

  it('has no name that npm leaves out when it packs, and gets each back', () => {
    for (const path of ownTemplate().keys()) {
      expect(packedName(path)).not.toMatch(/(^|\/)(\.|package(-lock)?\.json$)/);
      expect(visibleName(packedName(path))).toBe(path);
    }
  });
});
