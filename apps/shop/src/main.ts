import 'reflect-metadata';
import { loadConfig } from '@shop/platform';
import { runShop } from './boot/run-shop.js';
import { startProblem } from './boot/start-problem.js';

// A program that started the shop with a channel to it takes the shop along when it ends.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The channel itself keeps nobody alive.
process.channel?.unref();

try {
  await runShop(loadConfig(process.env));
} catch (error) {
  process.stderr.write(`\nThe shop did not start.\n${startProblem(error)}\n`);
  process.exitCode = 1;
}
