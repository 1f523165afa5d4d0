import type { Entry } from './entry.js';
import { commandKill } from './r02-command-kill.entry.js';
import { projectorKill } from './r03-projector-kill.entry.js';
import { rebuildKill } from './r04-rebuild-kill.entry.js';
import { zombie } from './r07-zombie.entry.js';
import { primaryKill, stepDown } from './r08-primary-kill.entry.js';
import { replyLost } from './r12-reply-lost.entry.js';
import { brokerGone } from './r13-broker-away.entry.js';
import { networkCut } from './r14-network-cut.entry.js';
import { repeatedTopic } from './r16-hostile-topic.entry.js';
import { poison } from './r17-poison.entry.js';
import { slowConsumer } from './r18-slow-consumer.entry.js';
import { historyLost } from './r19-history-lost.entry.js';
import { quietCollection } from './r20-quiet-collection.entry.js';
import { hotAggregate } from './r22-hot-aggregate.entry.js';
import { swapPartitions } from './r24-swap.entry.js';
import { rollingDeploy } from './r25-rolling-deploy.entry.js';
import { handOver } from './r26-hand-over.entry.js';
import { slowAppender } from './r27-slow-appender.entry.js';
import { rebuildAll } from './r28-rebuild-all.entry.js';

/** All entries, in the order of their ids. */
export const ENTRIES: readonly Entry[] = [
  commandKill,
  projectorKill,
  rebuildKill,
  zombie,
  primaryKill,
  stepDown,
  replyLost,
  brokerGone,
  networkCut,
  repeatedTopic,
  poison,
  slowConsumer,
  historyLost,
  quietCollection,
  hotAggregate,
  swapPartitions,
  rollingDeploy,
  handOver,
  slowAppender,
  rebuildAll,
];
