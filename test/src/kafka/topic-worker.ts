import { startNode, type TopicNodeOptions } from './topic-node.js';

// A node in a process of its own, for tests that kill it. It ends with its parent.
process.on('disconnect', () => process.exit());
await startNode(JSON.parse(process.argv[2] ?? '') as TopicNodeOptions);
process.send?.('started');
