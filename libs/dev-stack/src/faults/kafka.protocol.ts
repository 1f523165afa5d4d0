import type { WireProtocol } from './wire-message.js';

const LENGTH_BYTES = 4;

/** Requests by their numbers: those that clients send of themselves. */
const COMMANDS: Readonly<Record<number, string>> = {
  0: 'Produce',
  1: 'Fetch',
  2: 'ListOffsets',
  3: 'Metadata',
  8: 'OffsetCommit',
  9: 'OffsetFetch',
  10: 'FindCoordinator',
  11: 'JoinGroup',
  12: 'Heartbeat',
  13: 'LeaveGroup',
  14: 'SyncGroup',
  18: 'ApiVersions',
  19: 'CreateTopics',
  20: 'DeleteTopics',
  22: 'InitProducerId',
};

/** How Kafka speaks. Its requests name no collection: tell topics apart by `including`. @internal */
export const kafkaProtocol: WireProtocol = {
  headerBytes: LENGTH_BYTES,
  lengthOf: (header) => LENGTH_BYTES + header.readInt32BE(0),
  // Length, number of the command, its version, id; replies: length, id.
  requestIn: (message) => ({
    id: message.readInt32BE(8),
    command: COMMANDS[message.readInt16BE(4)],
    collection: undefined,
  }),
  answeredBy: (message) => message.readInt32BE(4),
};
