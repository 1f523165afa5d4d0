import { endWithStarter } from '@shop/platform';

// A program whose orderly end waits for what never answers again, as that of a service does whose store was killed with its starter.
endWithStarter();
process.on('SIGTERM', () => undefined);
setInterval(() => undefined, 60_000);
process.stdout.write(`${process.pid}\n`);
