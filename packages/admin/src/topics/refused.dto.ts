import type { RefusedMessagesPage, RefusedRedrive, RefusedTopicMessage } from '@nestfold/projections';

/** A message of a topic that was refused on arrival. */
export class RefusedMessageDto {
  id!: number;
  /** ISO 8601. */
  at!: string;
  /** Where it stood in the topic. */
  partition!: number;
  offset!: number;
  reason!: string;
  /** Which projection refused it. */
  projection!: string;
  /** Missing where it is no commit of one. */
  stream?: string;
  /** The dead letter whose stream waits behind it. */
  deadLetter?: string;
}

/** Some of them, the oldest first. */
export class RefusedPageDto {
  messages!: readonly RefusedMessageDto[];
  /** How many are kept of the topic. */
  kept!: number;
  /** The `after` of the next page. */
  next?: number;
}

/** What a redrive has asked for. */
export class RefusedRedriveDto {
  topic!: string;
  /** How many streams are tried again. */
  streams!: number;
}

/** A page as it is answered. */
export function refusedPageDto({ messages, kept, next }: RefusedMessagesPage): RefusedPageDto {
  return { messages: messages.map(messageDto), kept, ...(next !== undefined && { next }) };
}

/** A redrive as it is answered. */
export function redriveDto({ topic, streams }: RefusedRedrive): RefusedRedriveDto {
  return { topic, streams };
}

function messageDto(message: RefusedTopicMessage): RefusedMessageDto {
  const { id, at, partition, offset, reason, consumer, stream, deadLetter } = message;
  return {
    id,
    at: at.toISOString(),
    partition,
    offset,
    reason,
    projection: consumer,
    ...(stream !== undefined && { stream }),
    ...(deadLetter !== undefined && { deadLetter }),
  };
}
