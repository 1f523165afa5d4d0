// The public surface of @nestfold/nestjs/client: for whoever sends commands over HTTP. Imports nothing, so it runs in browsers too.
export { CommandClient } from './command-client.js';
export { CommandFailed, isCommandFailed } from './command-failed.js';
export type { CommandAnswer, CommandClientOptions, CommandProblem, SendOptions } from './client-options.js';
