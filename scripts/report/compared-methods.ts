import type { Spread } from '../comparison/amounts.ts';
import { type Claim, claimsOf } from '../comparison/claims.ts';
import {
  type InstructionFigures,
  type InstructionPart,
  ipvsInstructions,
  measuredParts,
} from '../comparison/instructions.ts';
import { type Load, type LoadFigures, largeBytes, loads, type MethodFigures } from '../comparison/methods.ts';
import type { Rewriting } from '../comparison/rewritten.ts';
import { columns } from './columns.ts';
import type { Look } from './output.ts';

/** What each kind of request is called. */
export const loadTitles: Record<Load, string> = {
  page: 'A page',
  download: `A download of ${number(largeBytes)} bytes`,
  upload: `An upload of ${number(largeBytes)} bytes`,
};

/** Tables: what the director does to packets, what each kind of request costs, and whether IPVS counted the same. */
export function methodsText(labs: readonly MethodFigures[], look: Look): string {
  const claims = claimsOf(labs);
  return [
    rewritingTable(labs, look),
    '  Each packet that a director forwards also has new MAC addresses. Its header\n  bytes are those that it has more behind the director.',
    ...loads.map((load) => loadTable(labs, load, look)),
    '  Per request, with all acknowledgements: medians, and in brackets the least and\n  the most where they differ. Bytes of IP packets, without Ethernet’s header.',
    countedText(labs),
    ...(labs.some(({ instructions }) => instructions) ? [instructionsTable(labs, look)] : []),
    ...(claims.length > 0 ? [claimsTable(claims, look)] : []),
  ].join('\n\n');
}

function rewritingTable(labs: readonly MethodFigures[], { paint, width }: Look): string {
  const head = ['lab', 'in requests', 'in answers', 'header bytes', 'an entry'].map((word) => paint('bold', word));
  const rows = labs.map(({ lab, rewritten: { there, back }, entryBytes }) => [
    lab,
    rewritingText(there),
    rewritingText(back),
    there ? `+ ${there.addedBytes}` : '–',
    entryBytes === null ? '–' : `${entryBytes} bytes`,
  ]);
  return `  ${paint('bold', 'What the director changes')}\n\n${columns([head, ...rows], { width })}`;
}

function rewritingText(rewriting: Rewriting | null): string {
  if (!rewriting) return 'does not forward them';
  return rewriting.fields.join(', ') || 'nothing';
}

function loadTable(labs: readonly MethodFigures[], load: Load, { paint, width }: Look): string {
  const head = ['lab', 'packets in', 'out', 'bytes in', 'out', 'packets on networks'].map((word) =>
    paint('bold', word),
  );
  const rows = labs.flatMap(({ lab, loads: own }) =>
    own
      .filter((one) => one.load === load)
      .map(({ director, networks }) => [
        lab,
        ...(director
          ? [director.in.packets, director.out.packets, director.in.bytes, director.out.bytes].map(spreadText)
          : ['–', '–', '–', '–']),
        networks.map(({ network, packets }) => `${network} ${spreadText(packets)}`).join(', '),
      ]),
  );
  const failed = labs.flatMap(({ lab, loads: own }) =>
    own.filter((one) => one.load === load && one.failed > 0).map((one) => `${lab} ${one.failed}`),
  );
  const title = `${loadTitles[load]}, through the director`;
  return [
    `  ${paint('bold', title)}\n\n${columns([head, ...rows], { width })}`,
    ...(failed.length > 0 ? [`  ✗ requests without an answer: ${failed.join(', ')}`] : []),
  ].join('\n');
}

const instructionTitles: Record<InstructionPart, string> = {
  requests: 'each packet of a request',
  answers: 'looking for an answer',
  scheduling: 'choosing a server',
  sending: 'sending it on',
};

/** What the director's kernel does for a page, in instructions. */
function instructionsTable(labs: readonly MethodFigures[], { paint, width }: Look): string {
  const parts = measuredParts.map(({ part }) => part);
  const head = ['lab', ...parts.map((part) => instructionTitles[part]), 'a page'].map((word) => paint('bold', word));
  const rows = labs.flatMap(({ lab, instructions }) =>
    instructions ? [[lab, ...instructionCells(instructions)]] : [],
  );
  return [
    `  ${paint('bold', 'Instructions of the director’s kernel in IPVS, for a page')}`,
    columns([head, ...rows], { width }),
    '  A call: median, least and most; and the calls for a page. Choosing and sending\n  are a part of the first column. What tracing adds to a call is taken off.',
  ].join('\n\n');
}

function instructionCells(figures: readonly InstructionFigures[]): string[] {
  const cells = measuredParts.map(({ part }) => {
    const found = figures.find((one) => one.part === part);
    return found?.call ? `${spreadText(found.call)} × ${number(found.calls)}` : '–';
  });
  return [...cells, number(Math.round(ipvsInstructions({ instructions: [...figures] }) ?? 0))];
}

/** Whether IPVS's counters and the frames on the networks agree. */
function countedText(labs: readonly MethodFigures[]): string {
  const all = labs.flatMap(({ lab, loads: own }) => own.map((one) => ({ lab, one })));
  const differences = all.flatMap(({ lab, one }) => differencesOf(one).map((text) => `  ${lab}, ${one.load}: ${text}`));
  if (differences.length === 0) return '  IPVS counted the same packets and bytes as came to the directors.';
  const same = all.length - new Set(all.filter(({ one }) => differencesOf(one).length > 0)).size;
  return [
    `  IPVS counted the same as came to the directors in ${same} of ${all.length} rows. Others:`,
    ...differences,
  ].join('\n');
}

/** What IPVS counted otherwise. Answers that pass no director, or that IPVS does not see, are not in its counters. */
export function differencesOf({ counted: { ipvs, frames } }: LoadFigures): string[] {
  return (['there', 'back'] as const).flatMap((way) => {
    const [own, came] = [ipvs[way], frames[way]];
    if (own.packets === came.packets && own.bytes === came.bytes) return [];
    const what = way === 'there' ? 'requests' : 'answers';
    return [
      `${what}: IPVS ${number(own.packets)} packets, ${number(own.bytes)} bytes; came ${number(came.packets)}, ${number(came.bytes)}`,
    ];
  });
}

/** What texts on LVS say, beside what was measured. */
function claimsTable(claims: readonly Claim[], { paint, width }: Look): string {
  const head = ['what texts on LVS say', 'measured', ''].map((word) => paint('bold', word));
  const verdict = ({ holds }: Claim) => (holds === null ? 'not seen here' : holds ? 'holds' : 'does not hold');
  return columns([head, ...claims.map((one) => [one.claim, one.measured, verdict(one)])], { width });
}

/** A row for each lab and kind of request. Numbers are medians. */
export function methodsRows(labs: readonly MethodFigures[]): (string | number | null)[][] {
  const head = [
    ...['lab', 'load', 'requests', 'failed', 'in_packets', 'in_bytes', 'out_packets', 'out_bytes'],
    ...['added_bytes', 'entry_bytes', 'connections', 'entries'],
    ...['ipvs_in_packets', 'ipvs_in_bytes', 'ipvs_out_packets', 'ipvs_out_bytes'],
  ];
  const rows = labs.flatMap(({ lab, rewritten, entryBytes, loads: own }) =>
    own.map(({ load, requests, failed, director, counted: { ipvs }, connections, entries }) => [
      ...[lab, load, requests, failed],
      ...(['in', 'out'] as const).flatMap((side) => [
        director?.[side].packets.median ?? null,
        director?.[side].bytes.median ?? null,
      ]),
      ...[rewritten.there?.addedBytes ?? null, entryBytes, connections, entries],
      ...[ipvs.there.packets, ipvs.there.bytes, ipvs.back.packets, ipvs.back.bytes],
    ]),
  );
  return [head, ...rows];
}

function spreadText({ median, least, most }: Spread): string {
  const middle = number(median);
  return least === most ? middle : `${middle} (${number(least)}–${number(most)})`;
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 1 });
}
