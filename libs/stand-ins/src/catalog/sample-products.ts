import type { Data } from '@nestfold/core';
import { money, type ProductListed } from '@shop/contracts';

const PRODUCTS = [
  { productId: 'p001', name: 'Desk Lamp', category: 'Home > Lighting > Lamps', price: '39.50' },
  { productId: 'p002', name: 'Coffee Grinder', category: 'Home > Kitchen > Coffee', price: '89.00' },
  { productId: 'p003', name: 'Backpack', category: 'Outdoor > Bags > Backpacks', price: '120.00' },
] as const;

/** What can be ordered where there is no catalogue. */
export const sampleProducts: readonly Data<ProductListed>[] = PRODUCTS.map(({ productId, name, category, price }) => ({
  productId,
  sku: `S-${productId}`,
  details: {
    name,
    displayName: name,
    description: `${name}: one of the samples that stand in for a catalogue.`,
    brand: 'Sample',
    category,
    images: [],
    features: {},
  },
  price: money(price),
  stockLevel: 100,
}));
