import { UsageError } from '../usage.error.js';
import type { FileTree } from '../workspace/file-tree.js';
import { codeOf } from './source-text.js';

const DECLARED = [
  /@(Aggregate|DomainEvent|Projection|ReadModelDocument)\s*\(\s*['"`]([^'"`]+)/g,
  /@(EventsHandler)\s*\([^{]*\{[^}]*\bname:\s*['"`]([^'"`]+)/g,
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

/** Throws `UsageError` where a new file exports a class of a name that another source of the library exports: one of them would be taken for the other. */
export function requireFreeClasses(tree: FileTree, folder: string, text: string): void {
  const wanted = exportedClasses(text);
  for (const path of sourcesIn(tree, folder))
    for (const name of exportedClasses(tree.read(path)))
      if (wanted.includes(name))
        throw new UsageError(`There is a class ${name} already, in ${path}.`, 'Take another name.');
}

/** The sources beneath a folder, without tests. */
export function sourcesIn(tree: FileTree, folder: string): readonly string[] {
  return tree.children(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (!name.endsWith('.ts')) return sourcesIn(tree, path);
    return name.endsWith('.spec.ts') ? [] : [path];
  });
}

function exportedClasses(text: string): readonly string[] {
  return [...codeOf(text).matchAll(/^export\s+(?:abstract\s+)?class\s+(\w+)/gm)].map(([, name = '']) => name);
}

function namesIn(text: string): readonly { readonly kind: string; readonly name: string }[] {
  const code = codeOf(text);
  return DECLARED.flatMap((pattern) =>
    [...text.matchAll(pattern)]
      .filter(({ index }) => code[index] === '@')
      .map(([, kind = '', name = '']) => ({ kind, name })),
  );
}
