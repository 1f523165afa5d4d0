import { ownerOfFolder } from '@nestfold/dev-stack';
import type { ShopConfig } from '@shop/platform';
import { requireFree } from './address.js';
import { mongoFolderOf } from './database.js';

/** Another shop works on the data of this one. */
export class ShopRunsAlreadyError extends Error {
  constructor(
    readonly pid: number,
    port: number,
    dataFolder: string,
  ) {
    super(
      `The shop runs already (process ${pid}). Stop it, or start a second one: PORT=${port} DATA_DIR=${dataFolder}2 npm start`,
    );
    this.name = 'ShopRunsAlreadyError';
  }
}

/** Looks before anything is started, so that one message has the whole remedy. Throws `ShopRunsAlreadyError`. */
export async function requireOnlyOne(
  config: Pick<ShopConfig, 'host' | 'port' | 'mongodbUri' | 'dataFolder'>,
): Promise<void> {
  const { port, mongodbUri, dataFolder } = config;
  if (mongodbUri !== undefined) return;
  const pid = await ownerOfFolder(mongoFolderOf(dataFolder));
  if (pid === undefined) return;
  const free =
    port === 0 ||
    (await requireFree(config).then(
      () => true,
      () => false,
    ));
  throw new ShopRunsAlreadyError(pid, free ? port : port + 1, dataFolder);
}
