import { ipvsInstructions } from './instructions.ts';
import type { Load, LoadFigures, MethodFigures } from './methods.ts';

/** A sentence that texts on LVS say, beside what was measured. */
export interface Claim {
  claim: string;
  measured: string;
  /** Null for what counts of packets and bytes cannot tell. */
  holds: boolean | null;
}

/** A director that carries so many times the bytes of another one carries clearly more. */
const clearly = 1.5;

/** The claims about the labs that were compared. Labs are told apart by what their directors do, not by their names. */
export function claimsOf(labs: readonly MethodFigures[]): Claim[] {
  const nat = labs.find(({ rewritten: { there } }) => there?.fields.includes('target address'));
  const past = labs.filter(({ rewritten: { there, back } }) => there && !back);
  const dr = past.find(({ rewritten: { there } }) => there?.addedBytes === 0);
  const tunnels = past.filter(({ rewritten: { there } }) => (there?.addedBytes ?? 0) > 0);
  return [
    ...(nat && past.length > 0 ? [waysClaim(nat, past)] : []),
    ...(nat && dr ? [bottleneck(nat, dr, 'download'), bottleneck(nat, dr, 'upload')].flatMap((one) => one ?? []) : []),
    ...(dr ? [unchanged(dr)] : []),
    ...tunnels.map(longer),
    ...(dr && tunnels.length > 0 ? [work(dr, tunnels, nat) ?? speed()] : []),
  ];
}

function waysClaim(nat: MethodFigures, past: readonly MethodFigures[]): Claim {
  return {
    claim: 'By NAT requests and answers pass the director; by DR and TUN only requests do.',
    measured: `answers pass it in ${nat.lab}, not in ${past.map(({ lab }) => lab).join(', ')}`,
    holds: nat.rewritten.back !== null,
  };
}

function bottleneck(nat: MethodFigures, dr: MethodFigures, load: Load): Claim | undefined {
  const [more, less] = [carried(nat, load), carried(dr, load)];
  if (!more || !less) return undefined;
  const claims: Record<Load, string> = {
    page: 'A page: NAT’s director carries far more than DR’s.',
    download: 'Clients download: NAT’s director carries far more than DR’s.',
    upload: 'Clients upload: NAT’s director carries far more than DR’s.',
  };
  const measured = `${(more / less).toFixed(1)} times the bytes of ${dr.lab}`;
  return { claim: claims[load], measured, holds: more / less >= clearly };
}

function unchanged({ lab, rewritten: { there } }: MethodFigures): Claim {
  const others = there?.fields.filter((field) => field !== 'TTL') ?? [];
  return {
    claim: 'By DR the director changes no address and no port.',
    measured: others.length === 0 ? `none in ${lab}` : `${lab}: ${others.join(', ')}`,
    holds: others.length === 0,
  };
}

function longer({ lab, rewritten: { there } }: MethodFigures): Claim {
  return {
    claim: `A tunnel makes each request packet longer (${lab}).`,
    measured: `by ${there?.addedBytes} bytes`,
    holds: (there?.addedBytes ?? 0) > 0,
  };
}

/** By how much more work TUN still comes close to DR: texts say 15 % (73,382 and 62,223 packets a second). */
const close = 1.2;

/** What of that claim instructions can tell: they are the work of IPVS, which is a part of the time. */
function work(dr: MethodFigures, tunnels: readonly MethodFigures[], nat: MethodFigures | undefined): Claim | undefined {
  const least = ipvsInstructions(dr);
  if (!least) return undefined;
  const others = [...tunnels, ...(nat ? [nat] : [])].flatMap((lab) => {
    const own = ipvsInstructions(lab);
    return own ? [{ lab: lab.lab, tunnel: lab !== nat, ratio: own / least }] : [];
  });
  const more = others.map(({ lab, ratio }) => `, ${lab} ${percent(ratio - 1)}`).join('');
  return {
    claim: 'The director works least by DR, and little more by TUN.',
    measured: `instructions of IPVS for a page: ${Math.round(least).toLocaleString('en')} in ${dr.lab}${more}`,
    holds: others.every(({ ratio }) => ratio > 1) && others.some(({ tunnel, ratio }) => tunnel && ratio <= close),
  };
}

function percent(difference: number): string {
  return `${difference < 0 ? '−' : '+'} ${Math.round(Math.abs(difference) * 100)} %`;
}

function speed(): Claim {
  return {
    claim: 'DR is the fastest, and TUN comes close to it.',
    measured: 'packets and bytes are counted here, no time',
    holds: null,
  };
}

/** Bytes into the director and out of it, of a request. */
function carried({ loads }: MethodFigures, load: Load): number | undefined {
  const found: LoadFigures | undefined = loads.find((one) => one.load === load);
  return found?.director ? found.director.in.bytes.median + found.director.out.bytes.median : undefined;
}
