// `npm run test:topics`: what `npm test` shows of Kafka in short, at full length, on one version of Kafka after the other.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const full = {
  NESTFOLD_KAFKA_KILLS: '10',
  NESTFOLD_KAFKA_EVENTS: '100000',
  NESTFOLD_KAFKA_AWAY_S: '60',
  NESTFOLD_KAFKA_REBALANCES: '5',
};
const versions = process.env.NESTFOLD_KAFKA_VERSION ? [process.env.NESTFOLD_KAFKA_VERSION] : ['3.9.1', '4.1.0'];

const run = (program, args, env = {}) => {
  const { status } = spawnSync(`node_modules/.bin/${program}`, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) process.exit(status ?? 1);
};

run('tsc', ['-b']);
for (const version of versions) {
  console.log(`\n▶ Kafka ${version}`);
  const files = process.argv.slice(2);
  run(
    'vitest',
    [
      'run',
      '--project',
      'kafka',
      '--maxWorkers',
      '1',
      ...(files.length > 0 ? files : ['test/src/kafka', 'packages/kafka']),
    ],
    {
      ...full,
      NESTFOLD_KAFKA_VERSION: version,
    },
  );
}
