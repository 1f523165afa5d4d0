import { ConfigurationError, TransportUnavailable, type PartitionReach, type TopicDefinition } from '@nestfold/core';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { Answers } from '../connection/answers.js';
import { orUnavailable } from '../connection/failure.js';

/** A commit holds up to 8 MB, and its text may be longer than its BSON. */
const MAX_MESSAGE_BYTES = 24 * 1024 * 1024;

/** Makes topics, looks at them. Connects when first asked, and anew after a failure. */
export class TopicAdmin {
  private admin: Promise<Admin> | undefined;
  private answers = new Answers();
  /** By the clock that the client stamps its requests with. */
  private begunAt = 0;

  constructor(
    private readonly kafka: Kafka,
    private readonly replicationFactor: number | undefined,
  ) {}

  /** Makes the topics that are missing, by the names that the broker knows them by. Throws `ConfigurationError` and `TransportUnavailable`. */
  async prepare(topics: readonly TopicDefinition[]): Promise<void> {
    await this.ask('Making topics', async (admin) => {
      const present = await admin.listTopics();
      const missing = topics.filter(({ name }) => !present.includes(name));
      if (missing.length > 0) {
        // Another process may make them at the same time: that is as good.
        await admin.createTopics({ waitForLeaders: true, topics: missing.map((topic) => this.newTopic(topic)) });
      }
      const found = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
      const counts = new Map(found.topics.map(({ name, partitions }) => [name, partitions.length]));
      const retentions = await retentionsOf(admin, topics);
      const problems = topics.flatMap((topic) => problemsOf(topic, counts.get(topic.name), retentions.get(topic.name)));
      if (problems.length > 0) throw ConfigurationError.of(problems);
    });
  }

  /** What each partition holds. Throws `TransportUnavailable`, also where there is no such topic yet. */
  async reach(topic: string): Promise<readonly PartitionReach[]> {
    const offsets = await this.ask('Looking at a topic', async (admin) =>
      (await admin.listTopics()).includes(topic) ? admin.fetchTopicOffsets(topic) : undefined,
    );
    // Said here, for it is an answer: within `ask` it would end the connection on which the topic may be being made.
    if (offsets === undefined)
      throw new TransportUnavailable(`There is no topic '${topic}' yet: start the service whose relay fills it.`, {
        topic,
      });
    return offsets
      .map(({ partition, low, high }) => ({ partition, earliest: Number(low), end: Number(high) }))
      .sort((one, other) => one.partition - other.partition);
  }

  /** A request that was sent at a time, in the client's milliseconds, stays unanswered: the next question is asked on a connection of its own. One that was begun since may be asked on: of that it says nothing. */
  renew(sentAt: number): void {
    if (this.admin !== undefined && this.begunAt <= sentAt) this.leave(this.admin);
  }

  async close(): Promise<void> {
    const admin = await this.admin?.catch(() => undefined);
    await admin?.disconnect();
  }

  private async ask<R>(what: string, question: (admin: Admin) => Promise<R>): Promise<R> {
    this.admin ??= this.connect();
    const { admin: asked, answers } = this;
    return orUnavailable(what, async () => {
      try {
        return await answers.to(asked.then(question));
      } catch (error) {
        this.leave(asked);
        throw error;
      }
    });
  }

  private leave(asked: Promise<Admin>): void {
    if (this.admin === asked) this.admin = undefined;
    void asked.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  private async connect(): Promise<Admin> {
    const admin = this.kafka.admin();
    const answers = new Answers();
    this.answers = answers;
    this.begunAt = Date.now();
    admin.on('admin.network.request_timeout', (event) => answers.silent(event));
    await admin.connect();
    return admin;
  }

  private newTopic({ name, partitions, retentionMs = -1 }: TopicDefinition): {
    topic: string;
    numPartitions: number;
    replicationFactor: number;
    configEntries: { name: string; value: string }[];
  } {
    return {
      topic: name,
      numPartitions: partitions,
      replicationFactor: this.replicationFactor ?? -1,
      configEntries: [
        { name: 'retention.ms', value: `${retentionMs}` },
        { name: 'max.message.bytes', value: `${MAX_MESSAGE_BYTES}` },
      ],
    };
  }
}

async function retentionsOf(admin: Admin, topics: readonly TopicDefinition[]): Promise<ReadonlyMap<string, Retention>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name }) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: ['retention.ms', 'cleanup.policy'],
    })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => {
      const valueOf = (name: string): string | undefined =>
        configEntries.find(({ configName }) => configName === name)?.configValue;
      return [resourceName, { ms: Number(valueOf('retention.ms')), cleanup: valueOf('cleanup.policy') ?? 'delete' }];
    }),
  );
}

/** For how long, and how, a topic forgets. */
interface Retention {
  readonly ms: number;
  readonly cleanup: string;
}

function problemsOf(
  topic: TopicDefinition,
  partitions: number | undefined,
  retention: Retention | undefined,
): string[] {
  const problems: string[] = [];
  if (partitions !== topic.partitions)
    problems.push(
      `The topic '${topic.name}' has ${partitions ?? 'no'} partitions, but ${topic.partitions} are configured: a stream's partition follows from their number, so name that of the topic, or fill a topic of another name.`,
    );
  const wanted = topic.retentionMs ?? -1;
  if (retention !== undefined && wanted === -1 && retention.ms !== -1)
    problems.push(
      `The topic '${topic.name}' forgets after ${retention.ms} ms, but is to keep everything: set its retention.ms to -1, or configure retentionMs.`,
    );
  if (retention?.cleanup.includes('compact') === true)
    problems.push(
      `The topic '${topic.name}' is compacted, which would keep only the last commit of a stream: set its cleanup.policy to delete.`,
    );
  return problems;
}
