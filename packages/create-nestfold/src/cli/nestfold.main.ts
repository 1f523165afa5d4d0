#!/usr/bin/env node
import { finish } from './finish.js';
import { generate } from './generate.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

await finish(() => generate(process.argv.slice(2), { folder: process.cwd(), say }));
