import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectTemplate, filesBelow, packedName, visibleName } from './collect-template.js';
import type { Template } from './template.js';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

/** Writes a template where `npm pack` finds it. */
export function writeTemplate(folder: string, template: Template): void {
  for (const [path, text] of template) {
    const target = join(folder, packedName(path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/** The template that came with this package; in a checkout of the repository, the files as they stand there now. */
export function ownTemplate(): Template {
  // What is packed has no `app`: what an application has of its own then lies among the rest.
  if (existsSync(join(PACKAGE, 'app'))) return collectTemplate(join(PACKAGE, '..', '..'));
  const folder = join(PACKAGE, 'template');
  return new Map(
    filesBelow(folder, '.').map((path) => [visibleName(path), readFileSync(join(folder, path), 'utf8')] as const),
  );
}
