import { NotFound, type RefusedMessage } from '@nestfold/core';
import { Partitioners, type IHeaders, type Kafka, type KafkaMessage, type Message, type Producer } from 'kafkajs';
import { Answers } from '../connection/answers.js';
import { explained, isNoTopic } from '../connection/failure.js';

/** What stands behind the name of a topic in that of the one for what was refused of it. */
export const REFUSED = '.refused';
/** Messages that cannot be kept whole are kept without their value, or also without key and headers: a reason without its message is still to be seen. */
const MAX_BYTES = 900_000;

/** Keeps refused messages in a topic beside the one that they came from, as they came, with the reason in headers. */
export class RefusedMessages {
  private producer: Promise<Producer> | undefined;
  private answers = new Answers();

  constructor(private readonly kafka: Kafka) {}

  /** Throws `TransportUnavailable`: the message may be kept twice then; and `NotFound`, where there is nothing to keep it in. */
  async keep({ topic, partition, offset, reason, consumer, stream, raw }: RefusedMessage): Promise<void> {
    const { key = null, value = null, headers = {} } = (raw as KafkaMessage | undefined) ?? {};
    const head = (key?.length ?? 0) + bytesOf(headers);
    const all = head + (value?.length ?? 0);
    const [hasHead, isWhole] = [head <= MAX_BYTES, all <= MAX_BYTES];
    const kept: Message = {
      key: hasHead ? key : null,
      value: isWhole ? value : null,
      headers: {
        ...(hasHead && headers),
        'dlq-reason': reason.slice(0, 1_000),
        'dlq-consumer': consumer,
        'dlq-origin-topic': topic,
        'dlq-origin-partition': `${partition}`,
        'dlq-origin-offset': `${offset}`,
        // Emptied where there is none: what came may have brought one of its own.
        'dlq-stream': stream ?? '',
        ...(!isWhole && { 'dlq-left-out-bytes': `${hasHead ? all - head : all}` }),
      },
    };
    const producer = (this.producer ??= this.connect());
    try {
      await this.answers.to(producer.then((one) => one.send({ topic: topic + REFUSED, acks: -1, messages: [kept] })));
    } catch (error) {
      // Another may have failed before, and somebody else have connected since.
      if (this.producer === producer) this.producer = undefined;
      void producer.then((one) => one.disconnect()).catch(() => undefined);
      throw isNoTopic(error)
        ? new NotFound('topic', topic + REFUSED)
        : explained(error, `Keeping a refused message of '${topic}'`);
    }
  }

  async close(): Promise<void> {
    const producer = await this.producer?.catch(() => undefined);
    await producer?.disconnect();
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    const answers = new Answers();
    this.answers = answers;
    producer.on('producer.network.request_timeout', (event) => answers.silent(event));
    await producer.connect();
    return producer;
  }
}

function bytesOf(headers: IHeaders): number {
  let bytes = 0;
  for (const [name, values] of Object.entries(headers))
    for (const value of [values ?? ''].flat()) bytes += name.length + Buffer.byteLength(value);
  return bytes;
}
