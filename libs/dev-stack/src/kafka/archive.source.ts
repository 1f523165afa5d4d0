import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyChecksum } from '../support/checksum.js';
import { announced } from '../support/progress.js';
import { unpackArchive } from '../support/unpack-archive.js';
import { web, type Web } from '../support/web.js';
import type { KafkaSource } from './kafka.source.js';
import { fetchIntoCache } from './library-cache.js';
import { LOG_SETTINGS } from './log-settings.js';

/**
 * The archive of a release, from the Apache Software Foundation: for machines without Maven. It is more than twice as large, since
 * programs beside the broker are in it.
 * @internal
 */
export function archiveSource(from: Web = web): KafkaSource {
  return {
    name: 'official download',
    find: async (context) => {
      const { version, env } = context;
      const name = `kafka_2.13-${version}`;
      const url = `https://archive.apache.org/dist/kafka/${version}/${name}.tgz`;
      const checksum = checksumIn(await from.text(`${url}.sha512`, env));
      return announced(`downloading Kafka ${version} (120 MB)`, context.report, () =>
        fetchIntoCache(context, async (folder) => {
          const archive = join(folder, 'archive');
          await from.save(url, archive, env);
          await verifyChecksum(archive, 'sha512', checksum);
          await unpackArchive(archive, join(folder, 'kafka'));
          const libs = join(folder, 'kafka', name, 'libs');
          for (const [file, text] of Object.entries(LOG_SETTINGS)) await writeFile(join(libs, file), text);
          return libs;
        }),
      );
    },
  };
}

/** Either `<name>: 2B1A 0F…` over several lines, as gpg prints it, or `<hash>  <name>`. */
function checksumIn(text: string): string {
  const hash = text
    .slice(text.indexOf(':') + 1)
    .replaceAll(/\s/g, '')
    .slice(0, 128);
  if (!/^[0-9a-f]{128}$/i.test(hash)) throw new Error('its checksum cannot be read');
  return hash;
}
