import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CommitMessage } from './commit-message.js';
import { MessageHeaders, type ReceivedMessage } from './message-headers.js';
import { RELAY } from './relay-header.js';
import { Unreadable } from './unreadable.js';

/** The header that a seal stands in. */
const SEAL = 'seal';
/** What a seal covers beside topic, key and value: all that is acted on. Tracing may replace the rest on the way. */
const COVERED = ['stream', 'version', 'count', 'ce_time', 'correlationid', 'causationid', RELAY] as const;

/** Shows who wrote a message: an HMAC with SHA-256 over what of it is acted on, by a secret that relays and readers share. */
export class Seal {
  /** The first secret seals; all open, so that one can be replaced by another while messages of both are read. */
  constructor(
    private readonly topic: string,
    private readonly secrets: readonly [string, ...string[]],
  ) {}

  /** The message with its seal. */
  on(message: CommitMessage): CommitMessage {
    const { key, value, headers } = message;
    const seal = digest(this.secrets[0], this.topic, key, Buffer.from(value), (name) => headers[name]);
    return { ...message, headers: { ...headers, [SEAL]: seal.toString('base64url') } };
  }

  /** Throws `Unreadable` for a message that nobody sealed who knows one of the secrets. */
  check(message: ReceivedMessage): void {
    const { key, value } = message;
    const headers = new MessageHeaders(message);
    const found = Buffer.from(headers.text(SEAL) ?? '', 'base64url');
    const isOurs = this.secrets.some((secret) => {
      const seal = digest(secret, this.topic, key?.toString('utf8') ?? '', value ?? Buffer.alloc(0), (name) =>
        headers.text(name),
      );
      return seal.length === found.length && timingSafeEqual(seal, found);
    });
    if (!isOurs) throw new Unreadable('It is not sealed by a relay that knows the secret.');
  }
}

function digest(
  secret: string,
  topic: string,
  key: string,
  value: Buffer,
  header: (name: string) => string | undefined,
): Buffer {
  const head = JSON.stringify([topic, key, ...COVERED.map((name) => header(name) ?? null)]);
  return createHmac('sha256', secret).update(`${head}\n`).update(value).digest();
}
