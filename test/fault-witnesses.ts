import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bringUp } from '../scripts/actions/bring-up.ts';
import { down } from '../scripts/actions/down.ts';
import { openLab } from '../scripts/actions/open-lab.ts';
import type { Act, Fault, NodeCommand, Place, Witness } from '../scripts/faults/fault.ts';
import type { Failure, Symptom } from '../scripts/faults/symptom.ts';
import { removeTree } from '../scripts/host/files.ts';
import { serviceName } from '../scripts/ipvs/rules.ts';
import { inUse, type Plan, type PlannedService, theNode } from '../scripts/plan/plan.ts';
import { providerOf } from '../scripts/providers/providers.ts';
import type { ProvisionedLab } from '../scripts/provision/lab-states.ts';
import { disconnect, remoteTo } from '../scripts/provision/lab-states.ts';
import { columns } from '../scripts/report/columns.ts';
import { print, say } from '../scripts/report/output.ts';
import { symptomFits } from './e2e/symptom-seen.ts';
import { chosenFor, roundsWish, timed } from './runner/rounds.ts';

// npm run test:witnesses -- LAB [FAULT…]: in a lab, makes each fault, asks its witness and the client, undoes it, and asks the witness
// again. The connections stay open, so a fault takes a few seconds.

const wish = roundsWish();
const name = wish.lab;

interface Row {
  fault: string;
  place: string;
  /** Seconds to make it, to see it, to ask as a client, to undo it, and to see that it is gone. */
  seconds: number[];
  /** What was not as it should be. */
  wrong: string[];
}

/** A request of the client, and what became of it. */
interface Asked {
  service: string;
  server: string | null;
  by?: Failure;
  seconds: number;
}

const folder = await mkdtemp(join(tmpdir(), 'lab-faults-'));
process.chdir(folder);
const opened = await openLab(name, { setup: true }, () => {});
const { plan, place: home } = opened;
const { lab } = await bringUp(opened, { setup: true, what: 'fault rounds' }, () => {});
const start = performance.now();
const rows: Row[] = [];
let next = '';
try {
  for (const { fault, place } of chosenFor(plan, wish)) {
    if ((performance.now() - start) / 1000 > wish.seconds) {
      next = fault.id;
      break;
    }
    const row = await round(fault, place);
    rows.push(row);
    say(columns([cells(row)], { width: 200 }));
  }
} finally {
  disconnect(lab);
  await down(name, { all: false, dryRun: false }, { json: false, loudness: 'quiet' });
  process.chdir(tmpdir());
  await removeTree(folder);
}
const bad = rows.filter(({ wrong }) => wrong.length > 0);
const head = ['fault', 'place', 'make, see, ask, undo, see in s', ''];
print(columns([head, ...(bad.length > 0 ? bad : rows).map(cells)], { width: 200 }));
print(`${rows.length} faults made in lab ${name}, ${bad.length} not as they should be`);
if (next) print(`go on with --from ${next}`);
process.exitCode = bad.length > 0 ? 1 : 0;

async function round(fault: Fault, place: Place): Promise<Row> {
  const row: Row = { fault: fault.id, place: place.name, seconds: [], wrong: [] };
  if (await sees(place.witness, false)) row.wrong.push('the witness sees it before it is made');
  const made = await timed(row, () => perform(place.make));
  if (made) row.wrong.push(`make: ${made}`);
  if (!(await timed(row, () => sees(place.witness, true)))) row.wrong.push('no witness sees it');
  const asked = await timed(row, () => ask(place.symptom));
  row.wrong.push(...misfits(place, asked));
  const undone = await timed(row, () => perform(place.mend ?? []));
  if (undone) row.wrong.push(`mend: ${undone}`);
  // What a fault leaves to the scripts of the lab; and always after something has gone wrong.
  if (!place.mend || row.wrong.length > 0)
    disconnect((await bringUp(opened, { setup: true, what: 'mend' }, () => {})).lab);
  if (await timed(row, () => sees(place.witness, false))) row.wrong.push('the witness still sees it');
  const after = await ask({ kind: 'none' });
  if (after.some(({ server }) => server === null)) row.wrong.push(`after it: ${answersText(after)}`);
  return row;
}

/** @returns what a step that failed has said */
async function perform(acts: readonly Act[]): Promise<string> {
  for (const act of acts) {
    if ('line' in act) {
      await (await providerOf(plan.provider)).lines?.set(home, act);
      continue;
    }
    const { code, stdout, stderr } = await run(lab, act);
    if (code !== 0) return `exit code ${code} ${(stdout + stderr).trim().replace(/\s+/g, ' ')}`;
  }
  return '';
}

async function sees(witness: Witness, expected: boolean): Promise<boolean> {
  for (let left = 4; ; left--) {
    if (witness.first) await run(lab, witness.first);
    const seen = (await run(lab, witness)).code === 0;
    if (seen === expected || left <= 1) return seen;
    await pause(700);
  }
}

function run(lab: ProvisionedLab, { on, run }: NodeCommand) {
  const remote = remoteTo(lab, on);
  return remote.exec(remote.asRoot('sh -s'), { input: run, deadlineMs: 120_000 });
}

/** Two requests for each real server of a service with pages; long ones if these are what fails. */
async function ask(symptom: Symptom): Promise<Asked[]> {
  const all: Asked[] = [];
  for (const service of pages(plan)) {
    const [{ port } = { port: 0 }] = service.endpoints;
    const host = service.vip.includes(':') ? `[${service.vip}]` : service.vip;
    const address = `http${port === 443 ? 's' : ''}://${host}:${port}`;
    const long = symptom.kind === 'long fails' ? symptom.long : '';
    const options = long === 'requests' ? '-H Expect: --data-binary @/tmp/long' : '';
    const url = long === 'answers' ? `${address}/large.txt` : `${address}${service.page}`;
    const count = 2 * inUse(service).length;
    const curl = `curl -s -k ${options} --connect-timeout 4 -m 6 -w '\\n@@ %{http_code} %{exitcode} %{time_total}\\n' '${url}'`;
    const text = `head -c 20000 /dev/zero > /tmp/long; for _ in $(seq ${count}); do ${curl} | tr -d '\\0' | grep -o 'real server [a-z0-9]*\\|^@@.*'; done`;
    const { stdout } = await run(lab, { on: theNode(plan, 'client').name, run: text });
    for (const [, server, code = '', exit = '', seconds = ''] of stdout.matchAll(
      /(?:real server (\w+)\n)?@@ (\d+) (\d+) ([\d.]+)/g,
    )) {
      const ok = server !== undefined || (long !== '' && exit === '0');
      const by = ok
        ? undefined
        : exit === '28'
          ? 'hangs'
          : exit !== '0'
            ? 'refused'
            : Number(code) >= 400
              ? 'error'
              : 'empty';
      all.push({
        service: serviceName(service),
        server: ok ? (server ?? 'any') : null,
        seconds: Number(seconds),
        ...(by && { by }),
      });
    }
  }
  return all;
}

function pages({ services }: Plan): PlannedService[] {
  return services.filter(
    ({ endpoints, protocol }) => protocol === 'tcp' && endpoints.some(({ port }) => [80, 443].includes(port)),
  );
}

function misfits({ symptom }: Place, asked: readonly Asked[]): string[] {
  const known = { ...plan, services: pages(plan) };
  if (known.services.length === 0) return [];
  const text = `${symptom.kind}: ${answersText(asked)}`;
  if (symptom.kind === 'long fails') return asked.some(({ server }) => server === null) ? [] : [text];
  if (!symptomFits(known, symptom, asked)) return [text];
  if (symptom.kind === 'slow' && !asked.some(({ seconds }) => seconds > 1)) return [text];
  if (symptom.kind !== 'fails') return [];
  const other = asked.find(({ server, by }) => server === null && by !== (symptom.by ?? 'hangs'));
  return other ? [`${symptom.by ?? 'hangs'}, but: ${answersText(asked)}`] : [];
}

function answersText(asked: readonly Asked[]): string {
  return asked.map(({ server, by, seconds }) => `${server ?? by} ${seconds.toFixed(1)}`).join(', ');
}

function cells({ fault, place, seconds, wrong }: Row): string[] {
  return [fault, place, seconds.join(' '), wrong.length > 0 ? wrong.join('; ') : 'ok'];
}
