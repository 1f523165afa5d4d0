import type { ParkedError } from '@nestfold/core';
import type { DeadLetter, DeadLetterPage } from '@nestfold/projections';

/** Why an event could not be applied. */
export class DeadLetterErrorDto {
  code!: string;
  message!: string;
  /** `<stream>:<version>`. */
  event!: string;
  type?: string;
  /** `<class>.<method>`. */
  method?: string;
}

/** One failure. */
export class DeadLetterAttemptDto {
  /** ISO 8601. */
  at!: string;
  /** Who asked for the attempt. */
  by?: string;
  error!: DeadLetterErrorDto;
}

/** What was asked and not done yet. */
export class DeadLetterRequestDto {
  kind!: 'retry' | 'discard';
  by!: string;
  /** ISO 8601. */
  at!: string;
}

/** An event that could not be applied, and the stream that is held behind it. */
export class DeadLetterDto {
  id!: string;
  projection?: string;
  handler?: string;
  generation?: string;
  stream!: string;
  error!: DeadLetterErrorDto;
  attempts!: number;
  waiting!: number;
  /** ISO 8601. */
  parkedAt!: string;
  request?: DeadLetterRequestDto;
  history!: readonly DeadLetterAttemptDto[];
}

/** Some of them. */
export class DeadLetterPageDto {
  deadLetters!: readonly DeadLetterDto[];
  /** The `after` of the next page. */
  next?: string;
}

/** A dead letter as it is answered. */
export function deadLetterDto({
  id,
  projection,
  handler,
  generation,
  stream,
  error,
  attempts,
  waiting,
  parkedAt,
  request,
  history,
}: DeadLetter): DeadLetterDto {
  return {
    id,
    ...(projection !== undefined && { projection }),
    ...(handler !== undefined && { handler }),
    ...(generation !== undefined && { generation }),
    stream,
    error: errorDto(error),
    attempts,
    waiting,
    parkedAt: parkedAt.toISOString(),
    ...(request && { request: { kind: request.kind, by: request.by, at: request.at.toISOString() } }),
    history: history.map((one) => ({
      at: one.at.toISOString(),
      ...(one.by !== undefined && { by: one.by }),
      error: errorDto(one.error),
    })),
  };
}

/** A page as it is answered. */
export function deadLetterPageDto({ deadLetters, next }: DeadLetterPage): DeadLetterPageDto {
  return { deadLetters: deadLetters.map(deadLetterDto), ...(next !== undefined && { next }) };
}

function errorDto({ code, message, event, type, method }: ParkedError): DeadLetterErrorDto {
  return { code, message, event, ...(type !== undefined && { type }), ...(method !== undefined && { method }) };
}
