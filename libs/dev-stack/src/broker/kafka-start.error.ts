import { ServerStartError, type LogFindings } from '../process/server-start.error.js';

/** Kafka ended before it accepted connections; the message quotes its log. @publicApi */
export class KafkaStartError extends ServerStartError {
  readonly code = 'KAFKA_START_FAILED';

  constructor(where: string, reason: string, findings: LogFindings) {
    super({ product: 'Kafka', program: 'Kafka', where, reason, findings });
  }
}
