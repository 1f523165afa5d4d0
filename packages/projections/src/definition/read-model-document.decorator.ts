import { ConfigurationError, type Ctor, type ReadModelIndex } from '@nestfold/core';
import { metadataOf, writeMetadata } from './class-metadata.js';

const KEY = 'nestfold:read-model';

/** How the documents of one read model are stored. */
export interface ReadModelDefinition {
  /** Stable and unique in the application: collections are named after it. */
  readonly name: string;
  readonly indexes: readonly ReadModelIndex[];
  readonly model: Ctor<object>;
}

/**
 * Names a read model and its indexes. Not needed where the class's name in snake_case (`OrderView` → `order_view`) and
 * no index but that of `_id` will do. Indexes are built after a rebuild's history, and at start where one is missing.
 *
 * @example `@ReadModelDocument('orders_read', { indexes: [{ name: 'customer', keys: { customerId: 1 } }] })`
 * @publicApi
 */
export function ReadModelDocument(
  name: string,
  options: { readonly indexes?: readonly ReadModelIndex[] } = {},
): (target: Ctor<object>) => void {
  return (target) =>
    writeMetadata(target, KEY, { name, indexes: options.indexes ?? [], model: target } satisfies ReadModelDefinition);
}

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** The definition of a read model's class. Throws `ConfigurationError` for a name that no collection can bear, and for two indexes of one name. */
export function readModelDefinitionOf(model: Ctor<object>): ReadModelDefinition {
  const definition = metadataOf<ReadModelDefinition>(model, KEY) ?? { name: snakeCase(model.name), indexes: [], model };
  if (!NAME.test(definition.name)) {
    throw new ConfigurationError(
      `The read model ${model.name || '(a class without a name)'} is named '${definition.name}': use letters, digits and '_', beginning with a letter, in @ReadModelDocument.`,
    );
  }
  const names = definition.indexes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new ConfigurationError(
      `The read model ${model.name} has two indexes named '${twice}': give each a name of its own in @ReadModelDocument.`,
    );
  }
  return definition;
}

function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
