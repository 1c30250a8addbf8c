import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { ExitCode } from '../errors.ts';
import { exists } from '../host/files.ts';
import { cacheFolder } from '../host/paths.ts';
import { findParts, installCommand } from '../host/requirements.ts';
import { type ProviderName, providerInfo, providerNames } from '../providers/index.ts';
import type { Finding } from '../providers/provider.ts';
import { providerOf } from '../providers/providers.ts';
import { asTyped } from '../report/as-typed.ts';
import { rowTexts } from '../report/columns.ts';
import { type Paint, painter, print, printJson, printText, screenWidth } from '../report/output.ts';
import { commandBeside } from '../report/wrap.ts';
import { chooseProvider } from './choose-provider.ts';
import type { Globals } from './globals.ts';

/** lab doctor: what this computer has, what is missing, and the commands that install it. Changes nothing. */
export async function doctor(globals: Globals): Promise<number> {
  const choice = await chooseProvider({ setup: true }, {}, undefined);
  const parts = await findParts(providerInfo(choice.provider).parts);
  const findings: Finding[] = [
    await computer(),
    ...parts.map(({ part, package: from, what, there }) => ({
      subject: part.split('/').at(-1) ?? part,
      ok: there,
      found: `${there ? 'installed' : 'missing'}: ${what}`,
      ...(!there && { mend: installCommand([from]) }),
    })),
    ...(await probeAll(choice.provider)),
    { subject: 'default provider', ok: true, found: `${choice.provider}: ${choice.why}` },
  ];
  const ok = findings.every((finding) => finding.ok);
  if (globals.json) printJson({ schema: 'lvs-lab/doctor/1', ok, findings });
  else {
    print(findingsText(findings, painter(process.stdout)));
    printText(
      ok ? '\nNothing is missing.' : asTyped('\nThe commands above correct this; lab run installs missing packages.'),
    );
  }
  return ok ? ExitCode.ok : ExitCode.missingPart;
}

/** A row for each finding, and below it the command that corrects it. */
function findingsText(findings: readonly Finding[], paint: Paint): string {
  const rows = rowTexts(
    findings,
    ({ subject, ok, found }) => [ok ? paint('green', '✓') : paint('red', '✗'), subject, found],
    { indent: '' },
  );
  const width = screenWidth(process.stdout);
  return rows
    .flatMap(({ thing: { mend }, text }) => [
      text,
      ...(mend ? [paint('yellow', commandBeside('   ', asTyped(mend), width))] : []),
    ])
    .join('\n');
}

async function probeAll(chosen: ProviderName): Promise<Finding[]> {
  const providers = await Promise.all(providerNames.map(providerOf));
  return (await Promise.all(providers.map((provider) => provider.probe(provider.name === chosen)))).flat();
}

async function computer(): Promise<Finding> {
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const disk = await diskOf(cacheFolder());
  const facts = [
    `Node ${process.version}`,
    `${availableParallelism()} cores`,
    `${gib(freemem())} of ${gib(totalmem())} memory free`,
    `${gib(disk.bavail * disk.bsize)} disk free for ${cacheFolder()}`,
  ];
  return { subject: 'this computer', ok: true, found: facts.join(', ') };
}

/** The file system that a folder is on, or will be. */
async function diskOf(folder: string): Promise<StatsFs> {
  return (await exists(folder)) || dirname(folder) === folder ? statfs(folder) : diskOf(dirname(folder));
}
