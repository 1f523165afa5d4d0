import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyChecksum } from '../support/checksum.js';
import type { Machine } from '../support/machine.js';
import { announced } from '../support/progress.js';
import { unpackArchive } from '../support/unpack-archive.js';
import { web, type Web } from '../support/web.js';
import { FETCHED_MAJOR, fetchIntoCache } from './java-cache.js';
import type { JavaSource } from './java.source.js';

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'mac', win32: 'windows' };
const ARCHITECTURES: Record<string, string> = { x64: 'x64', arm64: 'aarch64' };

/** An archive of a JRE, as Temurin's catalogue has it. */
interface Release {
  readonly link: string;
  readonly checksum: string;
}

/** The JRE of Eclipse Temurin for this machine, from its own catalogue, which states the checksum. @internal */
export function officialDownloadSource(from: Web = web): JavaSource {
  return {
    name: 'official download of Java',
    find: async (machine) => {
      const release = releaseIn(await from.text(catalogueOf(machine), machine.env));
      return announced(`downloading Java ${FETCHED_MAJOR} (45 MB)`, machine.report, () =>
        fetchIntoCache(machine, async (folder) => {
          const archive = join(folder, 'archive');
          await from.save(release.link, archive, machine.env);
          await verifyChecksum(archive, 'sha256', release.checksum);
          await unpackArchive(archive, join(folder, 'java'));
          return homeIn(join(folder, 'java'), machine.platform);
        }),
      );
    },
  };
}

function catalogueOf({ platform, arch }: Machine): string {
  const [os, architecture] = [SYSTEMS[platform], ARCHITECTURES[arch]];
  if (os === undefined || architecture === undefined) throw new Error(`there is none for ${platform} on ${arch}`);
  const query = new URLSearchParams({ os, architecture, image_type: 'jre', vendor: 'eclipse' });
  return `https://api.adoptium.net/v3/assets/latest/${FETCHED_MAJOR}/hotspot?${query.toString()}`;
}

/** Nothing of the catalogue is believed but what looks as it must. */
function releaseIn(catalogue: string): Release {
  const found = (JSON.parse(catalogue) as { binary?: { package?: Partial<Release> } }[])[0]?.binary?.package;
  const { link = '', checksum = '' } = found ?? {};
  if (!link.startsWith('https://') || !/^[0-9a-f]{64}$/i.test(checksum)) throw new Error('the catalogue names none');
  return { link, checksum };
}

async function homeIn(folder: string, platform: NodeJS.Platform): Promise<string> {
  const [top] = await readdir(folder);
  if (top === undefined) throw new Error('the archive is empty');
  return platform === 'darwin' ? join(folder, top, 'Contents', 'Home') : join(folder, top);
}
