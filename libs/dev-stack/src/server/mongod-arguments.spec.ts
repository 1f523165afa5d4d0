import { describe, expect, it } from 'vitest';
import { mongodArguments, type MongodSettings } from './mongod-arguments.js';

const settings: MongodSettings = {
  port: 27_500,
  dataFolder: '/data',
  logFile: '/data.log',
  cacheGb: 0.5,
  testCommands: true,
  extra: [],
};

describe('mongodArguments', () => {
  it('keeps the server on this machine', () => {
    expect(mongodArguments(settings, 'linux').join(' ')).toContain('--bind_ip 127.0.0.1');
    expect(mongodArguments(settings, 'linux')).toContain('--nounixsocket');
    expect(mongodArguments(settings, 'win32')).not.toContain('--nounixsocket');
  });

  it('offers test commands only where the data is thrown away', () => {
    expect(mongodArguments(settings)).toContain('enableTestCommands=1');
    expect(mongodArguments({ ...settings, testCommands: false })).not.toContain('enableTestCommands=1');
  });

  it('lets an extra option replace ours, in both spellings', () => {
    const replaced = mongodArguments({ ...settings, extra: ['--wiredTigerCacheSizeGB', '1', '--bind_ip=0.0.0.0'] });
    expect(replaced.filter((argument) => argument.startsWith('--wiredTigerCacheSizeGB'))).toHaveLength(1);
    expect(replaced.filter((argument) => argument.startsWith('--bind_ip'))).toEqual(['--bind_ip=0.0.0.0']);
    expect(replaced).not.toContain('0.5');
    expect(replaced).not.toContain('127.0.0.1');
  });

  it('lets an extra parameter replace ours of the same name only', () => {
    const replaced = mongodArguments({ ...settings, extra: ['--setParameter', 'periodicNoopIntervalSecs=10'] });
    expect(replaced).toContain('periodicNoopIntervalSecs=10');
    expect(replaced).not.toContain('periodicNoopIntervalSecs=1');
    expect(replaced).toContain('enableTestCommands=1');
    expect(replaced.filter((argument) => argument === '--setParameter')).toHaveLength(4);
  });
});
