// As slf4j-simple is told to write: a start that fails is understood by these lines.
const PATTERN = '%d{HH:mm:ss.SSS} [%t] %p %c - %m%n';

/**
 * The archives of Kafka bring a log of their own, which says nothing without settings: that of 3.9 reads the first of these files, that of 4
 * the second, where they lie in the class path. Libraries from Maven write through slf4j-simple and read neither.
 * @internal
 */
export const LOG_SETTINGS: Readonly<Record<string, string>> = {
  'log4j.properties': `log4j.rootLogger=INFO, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=${PATTERN}
`,
  'log4j2.properties': `rootLogger.level=info
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=${PATTERN}
`,
};
