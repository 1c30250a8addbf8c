import { countOf } from '../count-of.ts';
import type { Language } from '../exercise/languages.ts';
import type { Role } from '../plan/plan.ts';
import type { CheckEnd, Difference } from './difference.ts';

/** What the report and the live page say. What checks, faults and kernels are called stays in English, as on the screen. */
export interface PageWords {
  reportOf(lab: string): string;
  liveOf(lab: string): string;
  passed(count: number): string;
  failed(failed: number, all: number): string;
  topology: string;
  roles: Record<Role, string>;
  networks: Record<string, string>;
  answers: string;
  answersOf(service: string): string;
  request: string;
  port: string;
  predicted: string;
  observed: string;
  milliseconds: string;
  none: string;
  answered(count: number): string;
  sharesOf(service: string): string;
  realServer: string;
  weight: string;
  share: string;
  checks: string;
  check: string;
  result: string;
  right: string;
  wrong: string;
  warning: string;
  expected: string;
  what: string;
  repair: string;
  causes: string;
  path: string;
  facts: string;
  verified: string;
  kernel: string;
  kernelWish: string;
  provider: string;
  times: string;
  seconds(count: number): string;
  stage: string;
  took: string;
  total: string;
  packages: string;
  difference: string;
  againstFile(file: string): string;
  allTheSame: string;
  whatDiffers: string;
  before: string;
  now: string;
  factNames: Record<Difference['facts'][number]['fact'], string>;
  ends: Record<CheckEnd, string>;
  causeOf(node: string): string;
  parts: Record<Difference['seconds'][number]['part'], string>;
}

const english: PageWords = {
  reportOf: (lab) => `Report of lab ${lab}`,
  liveOf: (lab) => `Lab ${lab}`,
  passed: (count) => `Passed: all ${count} checks`,
  failed: (failed, all) => `Failed: ${failed} of ${all} checks`,
  topology: 'Topology',
  roles: {
    client: 'client',
    director: 'director',
    router: 'router',
    'real-server': 'real server',
    'site-server': 'server of the site',
  },
  networks: { front: 'front network', back: 'back network', remote: 'remote network' },
  answers: 'Answers',
  answersOf: (service) => `The requests to ${service}, in their order`,
  request: 'Request',
  port: 'Client port',
  predicted: 'Predicted',
  observed: 'Observed',
  milliseconds: 'Milliseconds',
  none: 'none',
  answered: (count) => countOf(count, 'answer'),
  sharesOf: (service) => `How many requests to ${service} each real server answered`,
  realServer: 'Real server',
  weight: 'Weight',
  share: 'Answers',
  checks: 'Checks',
  check: 'Check',
  result: 'Result',
  right: 'right',
  wrong: 'wrong',
  warning: 'warning',
  expected: 'Expected',
  what: 'What is right',
  repair: 'What it means, and what to type',
  causes: 'Causes',
  path: 'Path of the last request that was followed',
  facts: 'Machines and times',
  verified: 'Verified',
  kernel: 'Kernel of the director',
  kernelWish: 'Debian release',
  provider: 'Provider',
  times: 'What took how long',
  seconds: (count) => `${count.toFixed(1)} s`,
  stage: 'Part',
  took: 'Time',
  total: 'the last run or verify, all together',
  packages: 'Packages',
  difference: 'Difference from an earlier run',
  againstFile: (file) => `Compared with ${file}`,
  allTheSame: 'Both runs found the same.',
  whatDiffers: 'What differs',
  before: 'Before',
  now: 'Now',
  factNames: { lab: 'Lab', provider: 'Provider', kernel: 'Kernel of the director', verdict: 'Verdict' },
  ends: { passed: 'passed', warning: 'warning', failed: 'failed', absent: 'not there' },
  causeOf: (node) => `Cause on ${node}`,
  parts: { up: 'machines', provision: 'scripts', verify: 'checks', total: 'all together' },
};

const german: PageWords = {
  reportOf: (lab) => `Bericht über das Lab ${lab}`,
  liveOf: (lab) => `Lab ${lab}`,
  passed: (count) => `Bestanden: alle ${count} Prüfungen`,
  failed: (failed, all) => `Nicht bestanden: ${failed} von ${all} Prüfungen`,
  topology: 'Aufbau',
  roles: {
    client: 'Client',
    director: 'Director',
    router: 'Router',
    'real-server': 'Realserver',
    'site-server': 'Server der Website',
  },
  networks: { front: 'vorderes Netz', back: 'hinteres Netz', remote: 'entferntes Netz' },
  answers: 'Antworten',
  answersOf: (service) => `Die Anfragen an ${service}, der Reihe nach`,
  request: 'Anfrage',
  port: 'Port des Clients',
  predicted: 'Vorhergesagt',
  observed: 'Beobachtet',
  milliseconds: 'Millisekunden',
  none: 'keine',
  answered: (count) => (count === 1 ? '1 Antwort' : `${count} Antworten`),
  sharesOf: (service) => `Wie viele Anfragen an ${service} jeder Realserver beantwortet hat`,
  realServer: 'Realserver',
  weight: 'Gewicht',
  share: 'Antworten',
  checks: 'Prüfungen',
  check: 'Prüfung',
  result: 'Ergebnis',
  right: 'richtig',
  wrong: 'falsch',
  warning: 'Warnung',
  expected: 'Erwartet',
  what: 'Was richtig ist',
  repair: 'Was es bedeutet, und was zu tippen ist',
  causes: 'Ursachen',
  path: 'Weg der letzten verfolgten Anfrage',
  facts: 'Maschinen und Zeiten',
  verified: 'Geprüft',
  kernel: 'Kernel des Directors',
  kernelWish: 'Debian-Version',
  provider: 'Provider',
  times: 'Was wie lange gedauert hat',
  seconds: (count) => `${count.toFixed(1).replace('.', ',')} s`,
  stage: 'Teil',
  took: 'Zeit',
  total: 'der letzte Befehl run oder verify, alles zusammen',
  packages: 'Pakete',
  difference: 'Unterschied zu einem früheren Lauf',
  againstFile: (file) => `Verglichen mit ${file}`,
  allTheSame: 'Beide Läufe haben dasselbe gefunden.',
  whatDiffers: 'Was anders ist',
  before: 'Vorher',
  now: 'Jetzt',
  factNames: { lab: 'Lab', provider: 'Provider', kernel: 'Kernel des Directors', verdict: 'Ergebnis' },
  ends: { passed: 'bestanden', warning: 'Warnung', failed: 'nicht bestanden', absent: 'nicht dabei' },
  causeOf: (node) => `Ursache auf ${node}`,
  parts: { up: 'Maschinen', provision: 'Skripte', verify: 'Prüfungen', total: 'alles zusammen' },
};

export const pageWords: Record<Language, PageWords> = { en: english, de: german };
