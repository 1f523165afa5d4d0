/** What a mongod of the dev stack is started with. @internal */
export interface MongodSettings {
  readonly port: number;
  readonly dataFolder: string;
  readonly logFile: string;
  /** Size of the WiredTiger cache in GB; mongod itself would take half of the machine's memory. */
  readonly cacheGb: number;
  /** Fail points and other test commands; never for a server whose data is kept. */
  readonly testCommands: boolean;
  /** The caller's own arguments, which replace ours of the same name. */
  readonly extra: readonly string[];
}

/** Name of every replica set the dev stack starts. @internal */
export const REPLICA_SET = 'nestfold';

/**
 * The command line for one mongod. An extra argument replaces ours of the same name (mongod refuses to
 * start when an option occurs twice), a `--setParameter` ours of the same parameter.
 * @internal
 */
export function mongodArguments(settings: MongodSettings, platform: NodeJS.Platform = process.platform): string[] {
  const parameters: [string, string][] = [
    // Without writes a change stream's token advances only by these: 10 s by default.
    ['periodicNoopIntervalSecs', '1'],
    // A signalled primary would wait 15 s for secondaries that are stopping too.
    ['shutdownTimeoutMillisForSignaledShutdown', '100'],
    ['diagnosticDataCollectionEnabled', 'false'],
  ];
  if (settings.testCommands) parameters.push(['enableTestCommands', '1']);

  const options: [string, string?][] = [
    ['--replSet', REPLICA_SET],
    ['--port', String(settings.port)],
    ['--dbpath', settings.dataFolder],
    ['--bind_ip', '127.0.0.1'],
    ['--logpath', settings.logFile],
    ['--wiredTigerCacheSizeGB', String(settings.cacheGb)],
  ];
  if (platform !== 'win32') options.push(['--nounixsocket']);

  const given = new Set(settings.extra.map(optionName));
  return [
    ...options
      .filter(([name]) => !given.has(name))
      .flatMap(([name, value]) => (value === undefined ? [name] : [name, value])),
    ...parameters
      .filter(
        ([name]) => !settings.extra.some((argument) => argument.replace('--setParameter=', '').startsWith(`${name}=`)),
      )
      .flatMap(([name, value]) => ['--setParameter', `${name}=${value}`]),
    ...settings.extra,
  ];
}

function optionName(argument: string): string {
  const end = argument.indexOf('=');
  return argument.startsWith('--') && end > 0 ? argument.slice(0, end) : argument;
}
