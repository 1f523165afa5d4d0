import { ConfigurationError, type Type } from '@nestfold/core';
import {
  isProjection,
  projectionDefinitionOf,
  type ProjectionDefinition,
} from '../definition/projection-definition.js';

/** The classes with `@Projection` that a module exports. Throws what importing it throws. */
async function projectionsIn(module: string): Promise<Type<object>[]> {
  const exports = (await import(module)) as Readonly<Record<string, unknown>>;
  return Object.values(exports).filter(
    (value): value is Type<object> => typeof value === 'function' && isProjection(value as Type<object>),
  );
}

/** The projection of that name and version in a module. Throws `ConfigurationError` where there is none, and what importing it throws. */
export async function projectionIn(module: string, name: string, version: number): Promise<ProjectionDefinition> {
  const found = (await projectionsIn(module)).map(projectionDefinitionOf);
  const definition = found.find((one) => one.name === name && one.version === version);
  if (definition !== undefined) return definition;
  throw new ConfigurationError(
    `'${module}' exports no projection '${name}' of version ${version}: export the class, and give its own module (import.meta.url) in @Projection.`,
  );
}

/**
 * Insists that the modules that projections name export their classes: no thread could find them otherwise. Throws one `ConfigurationError` for all of
 * them.
 */
export async function insistOnModules(definitions: readonly ProjectionDefinition[]): Promise<void> {
  const problems = await Promise.all(definitions.map(problemOf));
  const all = problems.filter((problem) => problem !== undefined);
  if (all.length > 0) throw ConfigurationError.of(all);
}

async function problemOf({ projection, module }: ProjectionDefinition): Promise<string | undefined> {
  if (module === undefined) return undefined;
  const at = `@Projection of ${projection.name} names the module '${module}'`;
  try {
    if ((await projectionsIn(module)).includes(projection)) return undefined;
    return `${at}, which does not export that class: export it, and give that file's own import.meta.url.`;
  } catch (error) {
    return `${at}, which cannot be imported (${String(error)}): give import.meta.url.`;
  }
}
