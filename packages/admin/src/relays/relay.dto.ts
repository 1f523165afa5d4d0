import type { RelayStatus } from '@nestfold/projections';

/** What keeps a relay from sending. */
export class RelayErrorDto {
  code!: string;
  message!: string;
}

/** How the relay of a topic stands. */
export class RelayDto {
  topic!: string;
  /** As the process that answers sees it: `elsewhere` where another one does it, or nobody. */
  state!: 'starting' | 'relaying' | 'retrying' | 'elsewhere' | 'stopped';
  /** Names the process that fills the topic; missing while nobody does. */
  owner?: string;
  /** Commits that the process that answers has sent since it began. */
  sent!: number;
  /** Events in the store behind what is sent; counting stops at 10,000. */
  lagEvents!: number;
  lagSeconds!: number;
  /** Messages that readers refused and that are kept; missing while the broker does not say. */
  refused?: number;
  /** What failed last, while it is being retried. */
  error?: RelayErrorDto;
}

/** A status as it is answered. */
export function relayDto({ topic, state, owner, sent, lagEvents, lagSeconds, refused, error }: RelayStatus): RelayDto {
  return {
    topic,
    state,
    ...(owner !== undefined && { owner }),
    sent,
    lagEvents,
    lagSeconds,
    ...(refused !== undefined && { refused }),
    ...(error && { error: { code: error.code, message: error.message } }),
  };
}
