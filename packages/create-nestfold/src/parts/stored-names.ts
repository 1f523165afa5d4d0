import { UsageError } from '../usage.error.js';
import type { FileTree } from '../workspace/file-tree.js';

const DECLARED = [
  /@(Aggregate|DomainEvent|Projection)\(\s*'([^']+)'/g,
  /@(EventsHandler)\([^{]*\{[^}]*\bname: '([^']+)'/g,
] as const;

/** Throws `UsageError` where a new file gives a name that another source stores something under: the application would not start. */
export function requireFreeNames(tree: FileTree, text: string): void {
  const wanted = namesIn(text);
  if (wanted.length === 0) return;
  const known = ['libs', 'apps'].flatMap((parent) =>
    tree.children(parent).flatMap((project) => sourcesIn(tree, `${parent}/${project}/src`)),
  );
  for (const path of known)
    for (const { kind, name } of namesIn(tree.read(path)))
      if (wanted.some((one) => one.kind === kind && one.name === name))
        throw new UsageError(`There is an @${kind} named '${name}' already, in ${path}.`, 'Take another name.');
}

/** The sources beneath a folder, without tests. */
export function sourcesIn(tree: FileTree, folder: string): readonly string[] {
  return tree.children(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (!name.includes('.')) return sourcesIn(tree, path);
    return name.endsWith('.ts') && !name.endsWith('.spec.ts') ? [path] : [];
  });
}

function namesIn(text: string): readonly { readonly kind: string; readonly name: string }[] {
  return DECLARED.flatMap((pattern) => [...text.matchAll(pattern)].map(([, kind = '', name = '']) => ({ kind, name })));
}
