import { must, mustAnswer, mustEqual } from '../expectations.js';
import type { Step } from '../step.js';
import type { Page, Product } from '../wire.js';

/** Anybody looks around: pages, words, categories, prices, what sells best. */
export const browse: Step = {
  title: 'browse and search the catalogue',
  async run({ nobody, products }) {
    const first = mustAnswer(await nobody.get<Page<Product>>('/products?pageSize=10&sort=price'), 200);
    must(first.items.length > 0 && first.total >= first.items.length, 'the first page of the catalogue is empty');
    const prices = first.items.map(({ price }) => Number(price.amount));
    mustEqual(
      prices,
      [...prices].sort((left, right) => left - right),
      'products by price',
    );

    const [wanted] = products;
    must(wanted !== undefined, 'there is no product to look for');
    const word = wanted.name.split(' ').at(-1) ?? wanted.name;
    const found = mustAnswer(await nobody.get<Page<Product>>(`/products?text=${encodeURIComponent(word)}`), 200);
    must(
      found.items.some(({ name }) => name.includes(word)),
      `a search for '${word}' finds no product of that name`,
    );

    const [category = ''] = wanted.category.split(' > ');
    const inCategory = mustAnswer(
      await nobody.get<Page<Product>>(`/products?category=${encodeURIComponent(category)}&inStock=true`),
      200,
    );
    must(
      inCategory.items.every((product) => product.category.startsWith(category)),
      `not all products are of '${category}'`,
    );

    const cheap = mustAnswer(await nobody.get<Page<Product>>('/products?maxPrice=50.00'), 200);
    must(
      cheap.items.every(({ price }) => Number(price.amount) <= 50),
      'a product is dearer than asked for',
    );

    mustEqual(mustAnswer(await nobody.get<Product>(`/products/${wanted.id}`), 200).id, wanted.id, 'the product');
    const trending = mustAnswer(await nobody.get<{ items: readonly Product[] }>('/products/trending?limit=5'), 200);
    must(trending.items.length <= 5, 'more products are trending than asked for');
    return `${first.total} products, ${found.total} with '${word}'`;
  },
};
