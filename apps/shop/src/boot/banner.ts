import { developmentUsers, type ShopConfig } from '@shop/platform';
import type { RunningShop } from './start-shop.js';

/** What stands on the screen once the shop takes requests: where everything is, and who may log in. */
export function banner(
  { address, database }: Pick<RunningShop, 'address' | 'database'>,
  { auth }: Pick<ShopConfig, 'auth'>,
): string {
  const users = auth.kind === 'development' ? ['', 'Users (development only):', ...developmentUsers.map(userLine)] : [];
  return [
    '',
    `The shop is ready at ${address}`,
    '',
    `  API and its page    ${address}/docs   (${address}/openapi.json)`,
    `  products            ${address}/products`,
    `  health              ${address}/health/ready`,
    `  projections         ${address}/admin/projections          role admin`,
    `  rebuild one         POST ${address}/admin/projections/orders-read/rebuild`,
    `  watch it            GET ${address}/admin/rebuilds/<id>  with  Accept: text/event-stream`,
    `  a stream            ${address}/admin/streams/customer-customer`,
    `  MongoDB             ${database.servers}, database ${database.name}`,
    ...users,
    ...(users.length > 0 ? [`  a token             POST ${address}/auth/token {"email", "password"}`] : []),
    '',
  ].join('\n');
}

function userLine({ email, password, roles }: (typeof developmentUsers)[number]): string {
  return `  ${email.padEnd(20)}password ${password.padEnd(12)}role ${roles.join(', ')}`;
}
