import type { Language } from '../exercise/languages.ts';

/** What only the live page says. */
export interface LiveWords {
  controls: string;
  service: string;
  count: string;
  send: string;
  verify: string;
  follow: string;
  fault: string;
  place: string;
  break: string;
  mend: string;
  readOnly: string;
  otherLanguage: string;
  rate: string;
  log: string;
  noScript: string;
  /** What the page’s script says; {} is filled in. */
  script: ScriptWords;
}

interface ScriptWords {
  connected: string;
  lost: string;
  nothing: string;
  doing: Record<string, string>;
  refused: string;
  broken: string;
  secret: string;
  table: string;
  server: string;
  method: string;
  weight: string;
  active: string;
  inactive: string;
  empty: string;
  connections: string;
  client: string;
  service: string;
  state: string;
  expires: string;
  more: string;
  unreached: string;
  note: string;
  perSecond: string;
  unknown: string;
  step: string;
  back: string;
  next: string;
  of: string;
}

const english: LiveWords = {
  controls: 'Do something',
  service: 'Service',
  count: 'How many',
  send: 'Send requests',
  verify: 'Verify',
  follow: 'Follow a request',
  fault: 'Fault',
  place: 'Place',
  break: 'Break',
  mend: 'Mend',
  readOnly: 'This page only shows the lab.',
  otherLanguage: 'Deutsch',
  rate: 'New connections a second',
  log: 'What was done',
  noScript: 'Without JavaScript this page shows the lab as it was when the page was loaded.',
  script: {
    connected: 'live',
    lost: 'no connection to lab watch; trying again',
    nothing: 'nothing is being done',
    doing: {
      requests: 'requests are being sent …',
      verify: 'the lab is being verified …',
      path: 'a request is being followed …',
      break: 'a fault is being made …',
      mend: 'the faults are being undone …',
    },
    refused: 'not done: {}',
    broken: 'broken: {}',
    secret: 'a fault that is to be found',
    table: 'IPVS table of {}',
    server: 'Real server',
    method: 'Method',
    weight: 'Weight',
    active: 'Active',
    inactive: 'Inactive',
    empty: 'The table is empty.',
    connections: 'Connections of {}',
    client: 'Client',
    service: 'Service',
    state: 'State',
    expires: 'Expires in',
    more: 'and {} more',
    unreached: '{} cannot be asked: ',
    note: '{} active, {} inactive',
    perSecond: '{} a second',
    unknown: 'not known: no director can be asked',
    step: 'Step',
    back: 'Back',
    next: 'Next',
    of: '{} of {}: ',
  },
};

const german: LiveWords = {
  controls: 'Etwas tun',
  service: 'Dienst',
  count: 'Wie viele',
  send: 'Anfragen senden',
  verify: 'Prüfen',
  follow: 'Eine Anfrage verfolgen',
  fault: 'Fehler',
  place: 'Stelle',
  break: 'Einbauen',
  mend: 'Beheben',
  readOnly: 'Diese Seite zeigt das Lab nur.',
  otherLanguage: 'English',
  rate: 'Neue Verbindungen je Sekunde',
  log: 'Was getan wurde',
  noScript: 'Ohne JavaScript zeigt diese Seite das Lab, wie es beim Laden der Seite war.',
  script: {
    connected: 'live',
    lost: 'keine Verbindung zu lab watch; es wird wieder versucht',
    nothing: 'es wird nichts getan',
    doing: {
      requests: 'Anfragen werden gesendet …',
      verify: 'das Lab wird geprüft …',
      path: 'eine Anfrage wird verfolgt …',
      break: 'ein Fehler wird eingebaut …',
      mend: 'die Fehler werden behoben …',
    },
    refused: 'nicht getan: {}',
    broken: 'eingebaut: {}',
    secret: 'ein Fehler, der zu finden ist',
    table: 'IPVS-Tabelle von {}',
    server: 'Realserver',
    method: 'Verfahren',
    weight: 'Gewicht',
    active: 'Aktiv',
    inactive: 'Inaktiv',
    empty: 'Die Tabelle ist leer.',
    connections: 'Verbindungen von {}',
    client: 'Client',
    service: 'Dienst',
    state: 'Zustand',
    expires: 'Läuft ab in',
    more: 'und {} weitere',
    unreached: '{} kann nicht gefragt werden: ',
    note: '{} aktiv, {} inaktiv',
    perSecond: '{} je Sekunde',
    unknown: 'nicht bekannt: kein Director kann gefragt werden',
    step: 'Schritt',
    back: 'Zurück',
    next: 'Weiter',
    of: '{} von {}: ',
  },
};

export const liveWords: Record<Language, LiveWords> = { en: english, de: german };
