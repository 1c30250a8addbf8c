import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { diagnose } from '../../scripts/diagnosis/diagnose.ts';
import { InterruptedError } from '../../scripts/errors.ts';
import { gather } from '../../scripts/evidence/gather.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import type { ProvisionedLab } from '../../scripts/provision/lab-states.ts';
import type { Remote, RemoteResult } from '../../scripts/remote/remote.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import type { LabEvent } from '../../scripts/report/events.ts';
import { planOf } from '../render/golden.ts';

const plan = await planOf('dr');
const templates = await loadTemplates(projectRoot);
const folder = await mkdtemp(join(tmpdir(), 'lab-gather-'));
const healthy = { ok: true, services: [], checks: [], kernel: undefined };

/** What a node answers, by the step that is done there; undefined is what a healthy one prints. */
type Answer = (node: string, step: string) => RemoteResult | undefined;

const printed: Record<string, () => string> = {
  clock: () => `${Math.round(Date.now() / 1000)}\n`,
  state: () => '@@state links\n[{"ifname":"lo","flags":[],"addr_info":[]}]\n@@state end\n',
  echoes: () => '@@echo end\n',
};

async function gathered(answer: Answer) {
  const warnings: string[] = [];
  const emit = (event: LabEvent) => void (event.type === 'warning' && warnings.push(event.text));
  const remotes = new Map(
    plan.nodes.map(({ name }) => {
      const exec = async (_: string, { step = '' }: { step?: string }): Promise<RemoteResult> =>
        answer(name, step) ?? { code: 0, stdout: printed[step]?.() ?? '', stderr: '' };
      return [name, { node: name, asRoot: (text: string) => text, exec } as unknown as Remote];
    }),
  );
  const lab: ProvisionedLab = { plan, place: { lab: 'dr', id: 'x', folder, runtime: folder }, machines: [], remotes };
  return { evidence: await gather(lab, templates, healthy, emit), warnings };
}

const failed: RemoteResult = { code: 2, stdout: '', stderr: 'oops' };

test('what one node does not tell is a warning, and everything else is evidence', async (t) => {
  const { evidence, warnings } = await gathered((node, step) =>
    node === 'rs1' && step === 'state' ? failed : undefined,
  );
  t.deepEqual([...evidence.states.keys()], ['client', 'director', 'rs2']);
  t.is(evidence.clocks?.size, 4);
  t.deepEqual(evidence.lines, []);
  t.is(warnings.length, 1);
  t.regex(warnings[0] ?? '', /^the diagnosis does not know what has changed on rs1: .*exit code 2/s);
});

test('lines of which nothing is known are no lines that are well', async (t) => {
  const { evidence, warnings } = await gathered((_, step) => (step === 'echoes' ? failed : undefined));
  t.is(evidence.lines, undefined);
  t.is(evidence.states.size, 4);
  t.regex(warnings.join(), /^the diagnosis does not know the lines between the nodes: /);
});

for (const [what, result] of [
  ['cannot be read', { code: 127, stdout: '', stderr: 'sh: date: not found' }],
  ['is nothing', { code: 0, stdout: '\n', stderr: '' }],
  ['is no number', { code: 0, stdout: '+%s\n', stderr: '' }],
] as [string, RemoteResult][]) {
  test(`a clock that ${what} is not far off: nothing is known of it`, async (t) => {
    const { evidence, warnings } = await gathered((node, step) =>
      node === 'rs1' && step === 'clock' ? result : undefined,
    );
    t.deepEqual([...(evidence.clocks?.keys() ?? [])].sort(), ['client', 'director', 'rs2']);
    t.deepEqual(
      [...diagnose(evidence).causes, ...diagnose(evidence).notes].filter(({ id }) => id === 'clock-wrong'),
      [],
    );
    t.regex(warnings.join(), /^the diagnosis does not know the clock of rs1: /);
  });
}

test('Ctrl-C ends it', async (t) => {
  const interrupted = gathered(() => {
    throw new InterruptedError('interrupted');
  });
  await t.throwsAsync(interrupted, { instanceOf: InterruptedError });
});
