import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Origins } from '../application/manifests.js';
import { UsageError } from '../usage.error.js';
import { asOneWord } from './options.js';

/** Archives that go with an application, since the packages in them are not published. */
export interface Archives {
  /** What `package.json` says of them. */
  readonly origins: Origins;
  /** From where to where, the latter within the application. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
}

/** The archives of packages of ours that lie in a folder. Throws `UsageError` where one is missing or there are two of it. */
export function archivesIn(folder: string, packages: readonly string[]): Archives {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UsageError(
      `There is no folder '${folder}'.`,
      'Give --packages a folder with the archives that `npm pack` made.',
    );
  const names = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
  const found = packages.map((one) => {
    const pattern = new RegExp(`^${one.replace('@', '').replace('/', '-')}-\\d.*\\.tgz$`);
    return { one, archives: names.filter((name) => pattern.test(name)) };
  });
  const missing = found.flatMap(({ one, archives }) => (archives.length === 0 ? [one] : []));
  if (missing.length > 0)
    throw new UsageError(
      `${folder} has no archive of ${missing.join(', ')}.`,
      `Make it in the repository: npm pack ${missing.map((one) => `-w ${one}`).join(' ')} --pack-destination ${asOneWord(folder)}`,
    );
  const twice = found.find(({ archives }) => archives.length > 1);
  if (twice !== undefined)
    throw new UsageError(
      `${folder} has more than one archive of ${twice.one}: ${twice.archives.join(', ')}.`,
      'Leave only the one that is meant.',
    );
  const kept = found.map(({ one, archives: [name = ''] }) => ({ one, name, to: `vendor/${name}` }));
  return {
    origins: Object.fromEntries(kept.map(({ one, to }) => [one, `file:${to}`])),
    copies: kept.map(({ name, to }) => ({ from: join(folder, name), to })),
  };
}
