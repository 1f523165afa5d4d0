// What somebody would write who has installed the packages and copied the README's example: it is compiled and run in a folder of its own,
// as an ES module and as CommonJS. Its last line on the screen is what it saw.
import { NestFactory } from '@nestjs/core';
import { Nestfold } from '@nestfold/nestjs';
import { HttpModule } from '../readme/http.module.js';

async function main(): Promise<void> {
  const app = await NestFactory.create(HttpModule, { logger: ['warn', 'error'] });
  // Stands for the application's authentication.
  app.use((request: { user?: object }, _response: object, next: () => void) => {
    request.user = { id: 'ada', roles: ['admin'] };
    next();
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const send = async (path: string, body?: object) => {
    const headers = { 'content-type': 'application/json' };
    const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, init);
    return { status: response.status, body: await response.json() };
  };
  const opened = await send('/accounts', { accountId: 'a1', owner: 'Ada' });
  const paid = await send('/accounts/deposits', { accountId: 'a1', cents: 250 });
  const refused = await send('/accounts/deposits', { accountId: 'a1', cents: -1 });
  await app.get(Nestfold).settled();
  const seen = {
    statuses: [opened.status, paid.status, refused.status],
    account: (await send('/accounts/a1')).body,
    projections: (await send('/admin/projections')).body,
  };
  await app.close();
  console.log(JSON.stringify(seen));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
