import { money } from '@shop/contracts';
import { ListProduct } from '@shop/catalog';
import type { Data } from '@nestfold/core';
import type { SeededRandom } from './seeded-random.js';

const COUNT = 100;

const KINDS = [
  {
    name: 'Headphones',
    category: 'Electronics > Audio > Headphones',
    brands: ['Sonora', 'Hallwell'],
    from: 39,
    to: 399,
  },
  { name: 'Speaker', category: 'Electronics > Audio > Speakers', brands: ['Sonora', 'Brightbox'], from: 29, to: 599 },
  {
    name: 'Keyboard',
    category: 'Electronics > Computers > Keyboards',
    brands: ['Tapwright', 'Brightbox'],
    from: 25,
    to: 189,
  },
  { name: 'Desk Lamp', category: 'Home > Lighting > Lamps', brands: ['Lumenfeld', 'Oakline'], from: 19, to: 149 },
  { name: 'Coffee Grinder', category: 'Home > Kitchen > Coffee', brands: ['Millrow', 'Oakline'], from: 35, to: 249 },
  { name: 'Chef Knife', category: 'Home > Kitchen > Knives', brands: ['Edgerton', 'Millrow'], from: 22, to: 179 },
  { name: 'Backpack', category: 'Outdoor > Bags > Backpacks', brands: ['Fernway', 'Trailmark'], from: 45, to: 219 },
  { name: 'Tent', category: 'Outdoor > Camping > Tents', brands: ['Fernway', 'Trailmark'], from: 99, to: 699 },
  { name: 'Notebook', category: 'Office > Paper > Notebooks', brands: ['Inkvale', 'Papermoor'], from: 4, to: 29 },
  { name: 'Fountain Pen', category: 'Office > Writing > Pens', brands: ['Inkvale', 'Papermoor'], from: 15, to: 259 },
] as const;

const ADJECTIVES = [
  'Classic',
  'Compact',
  'Studio',
  'Travel',
  'Premium',
  'Everyday',
  'Silent',
  'Foldable',
  'Sturdy',
  'Light',
] as const;
const COLORS = ['Black', 'Silver', 'Blue', 'Green', 'Sand', 'Red'] as const;

/** The products of the samples: of each kind ten, each with another adjective. */
export function sampleProducts(random: SeededRandom): readonly Data<ListProduct>[] {
  return Array.from({ length: COUNT }, (_, index) => {
    const kind = KINDS[index % KINDS.length] as (typeof KINDS)[number];
    const adjective = ADJECTIVES[Math.floor(index / KINDS.length)] as string;
    const brand = random.pick(kind.brands);
    const name = `${adjective} ${kind.name}`;
    const number = String(index + 1).padStart(3, '0');
    return {
      productId: `p${number}`,
      sku: `${brand.slice(0, 2).toUpperCase()}-${number}`,
      details: {
        name,
        displayName: `${brand} ${name}`,
        description: `${name} by ${brand}: one of the samples that come with the shop.`,
        brand,
        category: kind.category,
        images: [{ url: `https://images.example.com/p${number}.jpg`, type: 'main' }],
        features: { color: random.some(COLORS, random.integer(1, 3)), warranty: `${random.integer(1, 5)} years` },
      },
      price: money(`${random.integer(kind.from, kind.to)}.${random.pick(['00', '50', '95', '99'])}`),
      // Some are sold out, so that searches for what is there have something to leave out.
      stockLevel: random.next() < 0.08 ? 0 : random.integer(1, 500),
    };
  });
}
