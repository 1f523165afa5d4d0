import { posix } from 'node:path';
import { ID, type Guarantee } from './guarantee.js';

const BEGINS = new RegExp(`^- \\*\\*(${ID.source})\\*\\* `);
const HELD_BY = /^ +- Held by: (.+)$/;
const LINK = /\]\(([^)#]+)\)/g;

/**
 * Reads the guarantees of a page: items such as `- **W-1** Of two writers one wins.`, each with an item of its own beneath that says
 * `Held by: [title](path), …`. `page` is its path from the root of the workspace.
 */
export function guaranteesOf(page: string, text: string): Guarantee[] {
  const found: { id: string; place: string; heldBy: string[] }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const id = BEGINS.exec(line)?.[1];
    if (id !== undefined) found.push({ id, place: `${page}:${index + 1}`, heldBy: [] });
    const links = HELD_BY.exec(line)?.[1]?.matchAll(LINK) ?? [];
    for (const [, path = ''] of links) found.at(-1)?.heldBy.push(posix.join(posix.dirname(page), path));
  }
  return found;
}
