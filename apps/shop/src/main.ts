import 'reflect-metadata';
import { endWithStarter, loadConfig } from '@shop/platform';
import { runShop } from './boot/run-shop.js';
import { startProblem } from './boot/start-problem.js';

endWithStarter();

try {
  await runShop(loadConfig(process.env));
} catch (error) {
  process.stderr.write(`\nThe shop did not start.\n${startProblem(error)}\n`);
  process.exitCode = 1;
}
