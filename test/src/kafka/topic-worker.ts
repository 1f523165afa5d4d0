import { startNode, type TopicNodeOptions } from './topic-node.js';

// A node in a process of its own, for tests that kill it or ask it to stop. It ends with its parent.
process.on('disconnect', () => process.exit());
const node = await startNode(JSON.parse(process.argv[2] ?? '') as TopicNodeOptions);
process.once('message', () => void node.stop().then(() => process.exit()));
process.send?.('started');
