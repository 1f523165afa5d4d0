import { startMongo } from '@nestfold/dev-stack';

/** As the README of dev-stack has it; its own specs run what it shows. */
export async function started(): Promise<string> {
  const mongo = await startMongo({ persistent: { root: process.cwd() } }); // kept in .data/mongo
  const scratch = await startMongo({ ephemeral: { nodes: 3 } }); // thrown away, in memory where possible
  await scratch.kill(0);
  await scratch.restart(0);
  await scratch.stop();
  return mongo.uri;
}
