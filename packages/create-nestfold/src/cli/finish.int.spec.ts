import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

// Without the listener on the streams it ended with exit code 1 and a stack: "Unhandled 'error' event", EPIPE.
it.each(['create', 'nestfold'])('%s goes on when nobody hears it any more, as behind `| head`', async (name) => {
  const main = fileURLToPath(new URL(`../../dist/cli/${name}.main.js`, import.meta.url));
  const child = spawn(process.execPath, [main, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect({ errors, code: code as unknown }).toEqual({ errors: '', code: 0 });
});
