import { once } from 'node:events';
import { endWithStarter } from '@shop/platform';

// A program whose orderly end waits for what never answers again, as that of a service does whose store was killed with its starter.
process.on('SIGTERM', () => undefined);
setInterval(() => undefined, 60_000);
process.stdout.write(`${process.pid}\n`);
// As one that is still loading its modules when its starter is killed.
if (process.argv.includes('loading')) await once(process, 'disconnect');
endWithStarter();
