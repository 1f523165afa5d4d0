import 'reflect-metadata';
import { shopAnswers, wantedUrl } from './find-shop.js';
import { startOwnShop, type OwnShop } from './own-shop.js';
import { runDemo } from './run-demo.js';
import { allSteps } from './steps/all-steps.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

let own: OwnShop | undefined;
const interrupted = (): void => {
  say('Stopping …');
  void Promise.resolve(own?.stop()).finally(() => process.exit(130));
};
process.once('SIGINT', interrupted).once('SIGTERM', interrupted);

try {
  const wanted = wantedUrl(process.env);
  if (await shopAnswers(wanted)) {
    say(`The shop answers at ${wanted}: the demo drives it.`);
  } else if (process.env['SHOP_URL']) {
    throw new Error(`The shop does not answer at SHOP_URL (${wanted}): start it there, or leave SHOP_URL out.`);
  } else {
    say(`The shop does not answer at ${wanted}: the demo starts one for itself.`);
    own = await startOwnShop(say);
  }
  say('');
  const results = await runDemo(own?.url ?? wanted, allSteps, say);
  if (results.some(({ wrong }) => wrong !== undefined)) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`The demo could not run: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await own?.stop();
}
