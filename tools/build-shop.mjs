// Builds what programs need, and says what it is doing: `tsc -b` leaves alone what is up to date.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = `${root}node_modules/typescript/bin/tsc`;

/** Builds the shop, or these projects. Ends this process with 1 and the compiler's words when the build fails. */
export async function buildShop(...projects) {
  requireTools();
  const wanted = projects.length > 0 ? projects : ['apps/shop'];
  const started = Date.now();
  const compiler = spawn(process.execPath, [tsc, '-b', ...wanted, '--verbose', '--pretty', 'false'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = () => compiler.kill();
  process.once('exit', end);
  const stopped = (signal) => process.exit(signal === 'SIGINT' ? 130 : 143);
  process.once('SIGINT', stopped).once('SIGTERM', stopped);

  const problems = [];
  let built = 0;
  for await (const line of createInterface(compiler.stdout)) {
    const project = /Building project '(.+)'/.exec(line)?.[1];
    if (project !== undefined) {
      built += 1;
      console.log(`building ${relative(root, dirname(project))} …`);
    } else if (line !== '' && !/^\[?\d{1,2}:\d{2}:\d{2}|^ {4}\* /.test(line)) problems.push(line);
  }
  const code = compiler.exitCode ?? (await new Promise((resolve) => compiler.once('exit', resolve)));
  process.off('exit', end).off('SIGINT', stopped).off('SIGTERM', stopped);
  if (code !== 0) {
    console.error(`${problems.join('\n')}\n\nThe build failed: see above.`);
    process.exit(1);
  }
  if (built > 0) console.log(`built in ${((Date.now() - started) / 1_000).toFixed(1)} s`);
}

function requireTools() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Node.js ${process.versions.node} is too old: Nestfold needs 20.19 or newer.`);
    process.exit(1);
  }
  if (!existsSync(tsc)) {
    console.error('The dependencies are not installed: run `npm ci` first.');
    process.exit(1);
  }
}
