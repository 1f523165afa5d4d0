import type { ProductDetails } from '@shop/contracts';

/** The name as a part of an address: `Sonora Wireless` becomes `sonora-wireless`. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}

/** The words by which a product is found, each once: those with more than three letters or digits. */
export function keywordsOf({ name, brand, category, description }: ProductDetails): readonly string[] {
  const words = [name, brand, category, description]
    .join(' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}-]+/u);
  return [...new Set(words.filter((word) => word.length > 3))];
}
