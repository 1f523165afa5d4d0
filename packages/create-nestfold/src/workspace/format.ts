import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../usage.error.js';

interface Prettier {
  resolveConfig(path: string): Promise<object | null>;
  getFileInfo(path: string): Promise<{ readonly inferredParser: string | null }>;
  format(text: string, options: object): Promise<string>;
}

/** Lays a file's lines as the workspace's own Prettier does; leaves them as they are where it has none. Throws `UsageError` for what it cannot read. */
export async function formatted(root: string, path: string, text: string): Promise<string> {
  const prettier = await prettierOf(root);
  if (prettier === undefined) return text;
  const filepath = join(root, path);
  try {
    const { inferredParser } = await prettier.getFileInfo(filepath);
    if (inferredParser === null) return text;
    return await prettier.format(text, { ...(await prettier.resolveConfig(filepath)), filepath });
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UsageError(
      `${path} cannot be laid by Prettier: ${reason}`,
      'Nothing was written. Mend the file, or the settings of Prettier, and try again.',
    );
  }
}

async function prettierOf(root: string): Promise<Prettier | undefined> {
  let path: string;
  try {
    path = createRequire(join(root, 'package.json')).resolve('prettier');
  } catch {
    return undefined;
  }
  // Found as `require` finds it, so what it exports is in `default`.
  return ((await import(pathToFileURL(path).href)) as { readonly default: Prettier }).default;
}
