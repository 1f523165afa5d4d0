#!/usr/bin/env node
import { askPerson } from './ask-person.js';
import { create } from './create.js';
import { finish } from './finish.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
// Nothing is left half-made: files are written in one go, and npm hears Ctrl-C by itself, which is then told as a failed install.
process.on('SIGINT', () => undefined);
// A script's input is no person's.
const ask = process.stdin.isTTY && process.stdout.isTTY ? askPerson : undefined;

await finish(() => create(process.argv.slice(2), { folder: process.cwd(), say, ask }));
