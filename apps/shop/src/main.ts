import 'reflect-metadata';
import { loadConfig } from '@shop/platform';
import { runShop } from './boot/run-shop.js';
import { startProblem } from './boot/start-problem.js';

try {
  await runShop(loadConfig(process.env));
} catch (error) {
  process.stderr.write(`\nThe shop did not start.\n${startProblem(error)}\n`);
  process.exitCode = 1;
}
