import { categoryProblem, ConfigurationError, SLICES, type TopicDefinition } from '@nestfold/core';
import type { KafkaConfig } from 'kafkajs';

/** A topic of ours, as options name it. */
export interface KafkaTopicOptions {
  /** What sources name; the broker knows it as `<prefix>.<name>`. */
  readonly name: string;
  /** The categories of the streams that it carries. Default: the one of its own name. */
  readonly categories?: readonly string[];
  /** 1 to 1,024, fixed when the topic is made. One keeps the store's order, which projections with slicing 'single' need. Default 1. */
  readonly partitions?: number;
  /** How long the broker keeps messages, in milliseconds. Default: for ever, so that read models can be rebuilt. */
  readonly retentionMs?: number;
  /** For a topic to which a class with `@Publishes` publishes: then nothing else ever gets there. Default: commits as they are stored. */
  readonly carries?: 'integration-events';
}

/** How to reach Kafka, and what goes through it. Times are milliseconds. */
export interface KafkaOptions {
  /** Addresses, such as `127.0.0.1:9092`. */
  readonly brokers: readonly string[];
  /** What names of topics and groups begin with. Letters, digits, `-` and `_`. */
  readonly prefix: string;
  readonly topics: readonly KafkaTopicOptions[];
  /** In how many copies a new topic is kept. Default: the broker's own. */
  readonly replicationFactor?: number;
  /** For the client: `ssl`, `sasl`, `connectionTimeout` and so on. Readers begin anew, and ask for less at a time, when nothing is answered for `requestTimeout` (default 30,000). */
  readonly client?: Omit<KafkaConfig, 'brokers' | 'clientId' | 'logCreator' | 'logLevel'>;
  /**
   * What relays seal messages with, and readers accept them by; several while one is replaced: the first seals, all are accepted. Each has at least 16
   * characters. A message without a good seal is refused as garbage is. Default: none, then whoever may write to a topic is believed.
   */
  readonly secret?: string | readonly string[];
  /** After so long a batch that is not acknowledged is sent again with a fresh producer, in smaller portions. Default 15,000. */
  readonly publishTimeoutMs?: number;
}

const SECRET_CHARACTERS = 16;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,80}$/;

/** The topics that options define. Throws one `ConfigurationError` with all that is wrong. */
export function topicsOf(options: KafkaOptions): readonly TopicDefinition[] {
  const { brokers, prefix, topics } = options;
  const problems: string[] = [];
  if (secretsOf(options).some((secret) => secret.length < SECRET_CHARACTERS))
    problems.push(
      `kafka got a secret of fewer than ${SECRET_CHARACTERS} characters: use a longer one, made by chance.`,
    );
  if (brokers.length === 0) problems.push('kafka got no brokers: name at least one address.');
  if (!NAME.test(prefix)) problems.push(`kafka got the prefix '${prefix}': use letters, digits, '-' and '_'.`);
  const definitions = topics.map(
    ({ name, categories = [name], partitions = 1, retentionMs, carries }): TopicDefinition => {
      if (!NAME.test(name)) problems.push(`kafka got a topic '${name}': use letters, digits, '-' and '_'.`);
      if (!Number.isInteger(partitions) || partitions < 1 || partitions > SLICES)
        problems.push(
          `The topic '${name}' cannot have ${partitions} partitions: use a whole number from 1 to ${SLICES}.`,
        );
      if (categories.length === 0)
        problems.push(`The topic '${name}' carries no categories: name those of its streams.`);
      for (const category of categories) {
        const problem = categoryProblem(category);
        if (problem !== undefined) problems.push(`The topic '${name}': ${problem}`);
      }
      if (![undefined, 'integration-events'].includes(carries))
        problems.push(`The topic '${name}' carries '${String(carries)}': it is 'integration-events', or left out.`);
      return {
        name,
        categories,
        partitions,
        ...(retentionMs !== undefined && { retentionMs }),
        ...(carries && { carries }),
      };
    },
  );
  const names = definitions.map(({ name }) => name);
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index)))
    problems.push(`The topic '${name}' is defined twice: name its categories in one place.`);
  if (problems.length > 0) throw ConfigurationError.of(problems);
  return definitions;
}

/** The secrets that messages are sealed with, the one for new messages first; none where they are not sealed. */
export function secretsOf({ secret = [] }: KafkaOptions): readonly string[] {
  return typeof secret === 'string' ? [secret] : secret;
}
