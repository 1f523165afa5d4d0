import type { Names } from './names.js';

/** A text of the sample under the application's own name: scope, packages, classes, titles, messages, database. */
export function renamed(text: string, names: Names): string {
  const rules = rulesFor(names);
  const any = new RegExp(rules.map(([old]) => `(${old.source})`).join('|'), 'g');
  // In one go: a name may hold what another rule looks for.
  return text.replaceAll(
    any,
    (...found: unknown[]) => rules[found.slice(1).findIndex((one) => one !== undefined)]?.[1] ?? '',
  );
}

/** What is replaced, each by what. No rule has groups of its own. */
function rulesFor({ kebab, pascal, camel, words }: Names): readonly (readonly [old: RegExp, own: string])[] {
  const title = words[0]?.toUpperCase() + words.slice(1);
  return [
    [/@shop\//, `@${kebab}/`],
    [/@nestfold\/source/, `@${kebab}/source`],
    [/apps\/shop/, `apps/${kebab}`],
    // How it calls itself.
    [/Nestfold shop|(?:\b|(?<=\\n))[Tt]he shop\b/, title],
    [/\bShopModule\b/, `${pascal}Module`],
    [/\bshopModule\b/, `${camel}Module`],
    [/shop\.module/, `${kebab}.module`],
    [/\bShopConfig\b/, 'AppConfig'],
    [/\bcreateShopApp\b/, 'createHttpApp'],
    [/create-shop-app/, 'create-http-app'],
    [/shop-config/, 'app-config'],
    [/SHOP_TOPICS/, 'TOPICS'],
    [/shop-topics/, 'topics'],
    [/\bSHOP_URL\b/, 'APP_URL'],
    // Names of the database and the build, and what tests expect of them.
    [/'shop'/, `'${kebab}'`],
    // Guarantees of the framework's own contract are held in its repository.
    [/(?: \[[A-Z]-\d+\])+(?=')/, ''],
  ];
}

/** Where a file of the sample stands in the application. */
export function renamedPath(path: string, names: Names): string {
  return renamed(path.replace('orders-alone.int.spec', 'orders.int.spec'), names);
}
