/** The file of a Maven project, in its folder. @internal */
export const PROJECT_FILE = 'pom.xml';

// Kafka compiles against this line of slf4j and leaves the binding to whoever runs it: without one it logs nothing.
const SLF4J = '1.7.36';
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

/** A Maven project that needs nothing but a broker of this version, and somewhere to log to. @internal */
export function mavenProject(kafkaVersion: string): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>dev.nestfold</groupId>
  <artifactId>broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${kafkaVersion}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>${SLF4J}</version>
    </dependency>
  </dependencies>
</project>
`;
}

/**
 * What Maven is told, in the project's folder: to copy the dependencies into a folder below it. A file whose checksum is not the
 * stated one fails the whole (`--strict-checksums`).
 * @internal
 */
export function mavenArguments(outputFolder: string): string[] {
  return [
    '--batch-mode',
    '--quiet',
    '--strict-checksums',
    '--file',
    PROJECT_FILE,
    COPY,
    `-DoutputDirectory=${outputFolder}`,
    '-DincludeScope=runtime',
  ];
}
