import type { Names } from './names.js';

/** A text of the sample under the application's own name: scope, packages, classes, titles, database. */
export function renamed(text: string, { kebab, pascal, camel, words }: Names): string {
  const title = words[0]?.toUpperCase() + words.slice(1);
  return (
    text
      .replaceAll('@shop/', `@${kebab}/`)
      .replaceAll('@nestfold/source', `@${kebab}/source`)
      .replaceAll('apps/shop', `apps/${kebab}`)
      .replaceAll('Nestfold shop', title)
      .replaceAll(/\bShopModule\b/g, `${pascal}Module`)
      .replaceAll(/\bshopModule\b/g, `${camel}Module`)
      .replaceAll('shop.module', `${kebab}.module`)
      .replaceAll(/\bShopConfig\b/g, 'AppConfig')
      .replaceAll(/\bcreateShopApp\b/g, 'createHttpApp')
      .replaceAll('create-shop-app', 'create-http-app')
      .replaceAll('shop-config', 'app-config')
      .replaceAll('SHOP_TOPICS', 'TOPICS')
      .replaceAll('shop-topics', 'topics')
      // Names of the database and the build, and what tests expect of them.
      .replaceAll("'shop'", `'${kebab}'`)
      // Guarantees of the framework's own contract are held in its repository.
      .replaceAll(/( \[[A-Z]-\d+\])+(?=')/g, '')
  );
}

/** Where a file of the sample stands in the application. */
export function renamedPath(path: string, names: Names): string {
  return renamed(path, names).replace('orders-alone.int.spec', 'orders.int.spec').replace('shop-config', 'app-config');
}
