import type { Request, WireProtocol } from './wire-message.js';

const HEADER_BYTES = 16;
const OP_MSG = 2013;
const BODY = 0;
const TEXT = 2;

/** How MongoDB speaks. @internal */
export const mongodbProtocol: WireProtocol = {
  headerBytes: HEADER_BYTES,
  lengthOf: (header) => header.readInt32LE(0),
  requestIn: (message) => ({ id: message.readInt32LE(4), ...commandIn(message) }),
  answeredBy: (message) => message.readInt32LE(8),
};

/** The first field of a command's document is its name, and its value the collection. */
function commandIn(bytes: Buffer): Pick<Request, 'command' | 'collection'> {
  // Behind the header stand 4 bytes of flags and the kind of the first section.
  const document = HEADER_BYTES + 4 + 1;
  if (bytes.readInt32LE(12) !== OP_MSG || bytes[document - 1] !== BODY)
    return { command: undefined, collection: undefined };
  const end = bytes.indexOf(0, document + 5);
  const command = bytes.toString('utf8', document + 5, end);
  if (bytes[document + 4] !== TEXT) return { command, collection: undefined };
  const length = bytes.readInt32LE(end + 1);
  return { command, collection: bytes.toString('utf8', end + 5, end + 4 + length) };
}
