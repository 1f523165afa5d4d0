import { hasCode, NestfoldError } from './nestfold.error.js';

/** The program is put together wrongly; raised at definition or at start, never at first use. The message says what to do. */
export class ConfigurationError extends NestfoldError {
  readonly code = 'configuration';
  readonly retry = 'never';

  /** One error for all that was found, so that one start shows everything. */
  static of(problems: readonly string[]): ConfigurationError {
    const list = problems.map((problem, index) => `  ${index + 1}. ${problem}`).join('\n');
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    return new ConfigurationError(`${count} in the configuration:\n${list}`, { problems });
  }
}

export const isConfigurationError = (error: unknown): error is ConfigurationError => hasCode(error, 'configuration');
