import { isNestfoldError, type NestfoldError, type ReadModelIndex, type ReadModelStore } from '@nestfold/core';
import type { ProjectionDefinition } from '../definition/projection-definition.js';
import type { ReadModelDefinition } from '../definition/read-model-document.decorator.js';
import type { Collections } from '../fold/overlay.js';

/**
 * The indexes of one generation's collections. Most are built when its history is loaded, which is faster; those by which `patchWhere` finds its
 * documents before the first of them, or each would read the whole collection.
 */
export class ReadModelIndexes {
  private readonly built = new Set<string>();
  private all: Promise<void> | undefined;

  constructor(
    private readonly store: ReadModelStore,
    private readonly definition: ProjectionDefinition,
    private readonly collections: Collections,
    /** Hears of indexes that cannot be as they are declared, and then the rest is built; missing: the first one is thrown. */
    private readonly onRefused?: (error: NestfoldError) => void,
  ) {}

  /** All that the read models declare; asked for by several partitions they are built once. */
  buildAll(): Promise<void> {
    this.all ??= this.buildEach().catch((error: unknown) => {
      this.all = undefined;
      throw error;
    });
    return this.all;
  }

  /** What is needed to find documents by these fields. */
  async buildFor(
    matches: readonly { readonly model: ReadModelDefinition; readonly fields: readonly string[] }[],
  ): Promise<void> {
    for (const { model, fields } of matches) {
      if (fields.includes('_id')) continue;
      const sorted = [...fields].sort();
      const shape = `${model.name}:${sorted.join(',')}`;
      if (this.built.has(shape)) continue;
      await this.build(model, [
        declaredFor(model, fields) ?? {
          name: `match_${sorted.join('_')}`,
          keys: Object.fromEntries(sorted.map((field) => [field, 1])),
        },
      ]);
      this.built.add(shape);
    }
  }

  private async buildEach(): Promise<void> {
    const { onRefused } = this;
    for (const model of this.definition.readModels) {
      if (onRefused === undefined) await this.build(model, model.indexes);
      else for (const index of model.indexes) await this.build(model, [index]).catch(refusedBy(onRefused));
    }
  }

  private async build({ name }: ReadModelDefinition, indexes: readonly ReadModelIndex[]): Promise<void> {
    const collection = this.collections[name];
    if (collection !== undefined && indexes.length > 0) await this.store.buildIndexes(collection, indexes);
  }
}

/** What the framework says will fail again is told; anything else may pass, and is thrown. */
function refusedBy(tell: (error: NestfoldError) => void): (error: unknown) => void {
  return (error) => {
    if (!isNestfoldError(error) || error.retry !== 'never') throw error;
    tell(error);
  };
}

/** A declared index that begins with one of the fields serves as well. */
function declaredFor({ indexes }: ReadModelDefinition, fields: readonly string[]): ReadModelIndex | undefined {
  return indexes.find(({ keys }) => {
    const [first, kind] = Object.entries(keys)[0] ?? [];
    return first !== undefined && kind !== 'text' && fields.includes(first);
  });
}
