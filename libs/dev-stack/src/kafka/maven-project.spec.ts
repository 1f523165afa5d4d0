import { describe, expect, it } from 'vitest';
import { mavenArguments, mavenProject } from './maven-project.js';

describe('mavenProject', () => {
  it('needs the broker of the wanted version, and somewhere to log to', () => {
    const project = mavenProject('4.1.0');
    expect(project).toMatch(/<artifactId>kafka_2\.13<\/artifactId>\s+<version>4\.1\.0<\/version>/);
    expect(project).toContain('<artifactId>slf4j-simple</artifactId>');
  });
});

describe('mavenArguments', () => {
  it('ask for checksums, and for a plugin of a stated version', () => {
    const args = mavenArguments('libs');
    expect(args).toContain('--strict-checksums');
    expect(args).toContain('-DoutputDirectory=libs');
    expect(args.find((argument) => argument.endsWith(':copy-dependencies'))).toMatch(
      /:\d+\.\d+\.\d+:copy-dependencies$/,
    );
  });
});
