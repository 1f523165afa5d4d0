import { delimiter, join } from 'node:path';

/** The class of the broker. @internal */
export const KAFKA_BROKER = 'kafka.Kafka';
/** The class of the tool that prepares a broker's folder. @internal */
export const KAFKA_TOOL = 'kafka.tools.StorageTool';
/** Memory of a broker's Java in MB, where nothing is said. @internal */
export const HEAP_MB = 512;

/** Where Java finds Kafka, and settings that lie beside its jars. @internal */
export function classpath(libs: string): string[] {
  return ['-cp', [libs, join(libs, '*')].join(delimiter)];
}

/**
 * How Java runs a broker that starts fast and stays small: for a handful of messages the compiler's second tier and a parallel
 * collector cost more than they bring.
 * @internal
 */
export function brokerArguments(libs: string, heapMb: number, propertiesFile: string): string[] {
  const log = '-Dorg.slf4j.simpleLogger';
  return [
    `-Xmx${heapMb}m`,
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    // It would leave a file in the folder for temporary ones after each kill.
    '-XX:-UsePerfData',
    // A broker that is out of memory answers some requests and not others; one that has ended is understood.
    '-XX:+ExitOnOutOfMemoryError',
    '-Djava.awt.headless=true',
    `${log}.showDateTime=true`,
    `${log}.dateTimeFormat=HH:mm:ss.SSS`,
    `${log}.defaultLogLevel=info`,
    // A page each of settings that nobody made.
    `${log}.log.kafka.server.KafkaConfig=warn`,
    `${log}.log.org.apache.kafka.common.config=warn`,
    ...classpath(libs),
    KAFKA_BROKER,
    propertiesFile,
  ];
}
