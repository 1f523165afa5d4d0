import { spawnSync } from 'node:child_process';

/** Says something to whoever runs the command. */
export type Say = (line: string) => void;

/** Runs a program in a folder, its output on the screen. Answers whether it went well. */
export function ran(folder: string, program: string, args: readonly string[]): boolean {
  // A shell finds npm's command file on Windows; nothing of what a user typed is among the words.
  const isWindows = process.platform === 'win32';
  return spawnSync(program, args, { cwd: folder, stdio: 'inherit', shell: isWindows }).status === 0;
}

/**
 * Installs a folder's packages. Those for development too, whatever the surroundings say of production: the application is built with them, and where
 * they are there already they would be taken away.
 */
export function hasInstalled(folder: string): boolean {
  return ran(folder, 'npm', ['install', '--include=dev', '--no-audit', '--no-fund', '--loglevel', 'error']);
}
