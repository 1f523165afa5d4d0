import { performance } from 'node:perf_hooks';
import { prepareStage } from './prepare-stage.js';
import type { Stage } from './stage.js';
import { latenciesOf, type Latencies } from './statistics.js';
import type { Step } from './step.js';
import { table } from './table.js';
import { WANTED_RATE } from './watcher.js';

/** How a step went; `wrong` says what was not as it should be. */
export interface StepResult {
  readonly title: string;
  readonly latencies: Latencies;
  readonly note: string;
  readonly wrong?: string;
}

/** Drives a running shop through steps, and says how each went and all together. Throws only when it cannot even begin. */
export async function runDemo(
  url: string,
  steps: readonly Step[],
  say: (line: string) => void,
): Promise<readonly StepResult[]> {
  let calls: number[] = [];
  const stage = await prepareStage(url, (milliseconds) => calls.push(milliseconds));
  const results: StepResult[] = [];
  for (const step of steps) {
    calls = [];
    const started = performance.now();
    const result = await attempt(step, stage, () => latenciesOf(calls));
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    say(`${result.wrong === undefined ? '✔' : '✘'} ${step.title} (${seconds} s): ${result.wrong ?? result.note}`);
    results.push(result);
  }
  say('');
  say(summary(results, latenciesOf(stage.lags), stage.readRates));
  return results;
}

async function attempt({ title, run }: Step, stage: Stage, latencies: () => Latencies): Promise<StepResult> {
  try {
    const note = await run(stage);
    return { title, note, latencies: latencies() };
  } catch (error) {
    const wrong = error instanceof Error ? error.message : String(error);
    return { title, note: '', latencies: latencies(), wrong };
  }
}

/** The table of all steps, and the verdict. */
export function summary(results: readonly StepResult[], visible: Latencies, readRates: readonly number[] = []): string {
  const columns = [
    { title: 'step' },
    { title: 'calls', align: 'right' },
    { title: 'p50 ms', align: 'right' },
    { title: 'p99 ms', align: 'right' },
    { title: 'right' },
  ] as const;
  const rows = results.map(({ title, latencies, wrong }) => [
    title,
    ...figures(latencies),
    wrong === undefined ? 'yes' : 'NO',
  ]);
  const lag = ['(written → seen in a read model)', ...figures(visible), ''];
  const reads = readRates.map((rate) => [`(looks a second while rebuilding, ${WANTED_RATE} wanted)`, rate.toFixed(0)]);
  const slow = readRates.filter((rate) => rate < WANTED_RATE);
  const wrong = results.filter((result) => result.wrong !== undefined);
  const verdict =
    wrong.length === 0
      ? ['every step right']
      : [
          `${wrong.length} of ${results.length} steps wrong:`,
          ...wrong.map(({ title, wrong }) => `  ${title}: ${wrong}`),
        ];
  // Not wrong: the machine was busy with other things, and nothing that was read was wrong.
  const remarks = slow.map(
    (rate) => `Readers got through ${rate.toFixed(0)} looks a second only: try again on a quiet machine.`,
  );
  return [table(columns, [...rows, lag, ...reads]), '', ...remarks, ...verdict].join('\n');
}

function figures({ calls, p50, p99 }: Latencies): readonly string[] {
  return [calls.toLocaleString('en-US'), ...[p50, p99].map((value) => value?.toFixed(1) ?? '–')];
}
