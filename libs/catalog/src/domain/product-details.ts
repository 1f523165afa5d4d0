import type { ProductDetails, ProductFeatures } from '@shop/contracts';

/** Details of which some are stated anew. */
export type DetailChanges = { readonly [K in keyof StatedDetails]?: StatedDetails[K] | undefined };

/** What a seller states of a product; the rest follows from it. */
export type StatedDetails = Pick<ProductDetails, 'name' | 'description' | 'brand' | 'category'> & {
  readonly displayName?: string | undefined;
  readonly images?: ProductDetails['images'] | undefined;
  readonly features?: Readonly<Record<string, string | readonly string[]>> | undefined;
};

/** Stated details with what was left out: the long name is the name, features are lists. */
export function completeDetails(stated: StatedDetails): ProductDetails {
  const { name, displayName, description, brand, category, images, features } = stated;
  return {
    name,
    displayName: displayName ?? name,
    description,
    brand,
    category,
    images: (images ?? []).map(({ url, type }) => ({ url, type })),
    features: asLists(features ?? {}),
  };
}

/** The details after some of them were stated anew; what is left out stays. */
export function changedDetails(before: ProductDetails, changes: DetailChanges): ProductDetails {
  const stated = Object.entries(changes).filter(([, value]) => value !== undefined);
  return completeDetails({ ...before, ...(Object.fromEntries(stated) as Partial<StatedDetails>) });
}

/** Whether two descriptions say the same. */
export function sameDetails(left: ProductDetails, right: ProductDetails): boolean {
  return JSON.stringify(inOrder(left)) === JSON.stringify(inOrder(right));
}

function asLists(features: NonNullable<StatedDetails['features']>): ProductFeatures {
  return Object.fromEntries(
    Object.entries(features).map(([name, value]) => [name, typeof value === 'string' ? [value] : [...value]]),
  );
}

function inOrder({ features, ...rest }: ProductDetails): unknown {
  const { name, displayName, description, brand, category, images } = rest;
  const sorted = Object.entries(features).sort(([left], [right]) => (left < right ? -1 : 1));
  return [name, displayName, description, brand, category, images.map(({ url, type }) => [url, type]), sorted];
}
