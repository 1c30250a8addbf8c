import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { ConnectionError, InterruptedError } from '../../scripts/errors.ts';
import { type Place, projectRoot } from '../../scripts/host/paths.ts';
import type { ProvisionedLab } from '../../scripts/provision/lab-states.ts';
import { recordedState, recordStates } from '../../scripts/provision/node-states.ts';
import type { Remote, RemoteResult } from '../../scripts/remote/remote.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import type { Script } from '../../scripts/render/render.ts';
import type { LabEvent } from '../../scripts/report/events.ts';
import { planOf } from '../render/golden.ts';

const plan = await planOf('dr');
const templates = await loadTemplates(projectRoot);
const script = (text: string): Script => ({ node: 'rs1', phase: 'set up', file: '10-prepare.sh', text });

/** A machine that remembers what it was told under /run, and has one sysctl. */
function machine(settings: { value: string }) {
  let told = '';
  return (input: string): RemoteResult => {
    const [, known] = /"\$told" = (\S+) \]/.exec(input) ?? [];
    if (known && known === told) return { code: 0, stdout: '@@state end\n', stderr: '' };
    const last = told;
    told = /^echo (\S+) > \/run\/lvs-lab-state$/m.exec(input)?.[1] ?? told;
    return {
      code: 0,
      stdout: `@@state told\n${last}\n@@state links\n[{"ifname":"lo","flags":[],"addr_info":[]}]\n@@state files\n==> ipv4/ip_forward <==\n${settings.value}\n@@state end\n`,
      stderr: '',
    };
  };
}

/** Records the state of rs1, whose machine answers like this, and returns what was recorded of its sysctl, and what was said. */
async function recorder() {
  const folder = await mkdtemp(join(tmpdir(), 'lab-states-'));
  const place: Place = { lab: 'dr', id: 'x', folder, runtime: folder };
  return async (answer: (input: string) => RemoteResult, scripts: Script[]) => {
    const remote = {
      node: 'rs1',
      asRoot: (text: string) => text,
      exec: async (_: string, { input }: { input: string }) => answer(input),
    };
    const remotes = new Map([['rs1', remote as unknown as Remote]]);
    const said: LabEvent[] = [];
    const lab: ProvisionedLab = { plan, place, machines: [], remotes };
    await recordStates(lab, { scripts, templates }, (event) => said.push(event));
    const record = await recordedState(place, 'rs1');
    return { value: record?.entries.find(({ section }) => section === 'sysctl')?.value, said };
  };
}

test('a machine that is set up again by the same scripts keeps its record: a person may have changed it since', async (t) => {
  const record = await recorder();
  const settings = { value: '0' };
  const same = machine(settings);
  t.is((await record(same, [script('a')])).value, '0');
  settings.value = '1';
  t.is((await record(same, [script('a')])).value, '0');
  const other = await record(same, [script('other')]);
  t.is(other.value, '1', 'other scripts are a new beginning');
  t.regex(
    other.said.map((event) => ('text' in event ? `${event.type} ${event.text}` : '')).join(),
    /^note rs1 has a new record.* 1 thing changed there, by these scripts or by a person: sysctl net\.ipv4\.ip_forward$/,
  );
  settings.value = '2';
  const another = await record(machine(settings), [script('other')]);
  t.is(another.value, '2', 'so is another machine');
  t.deepEqual(another.said, []);
});

test('a state that cannot be recorded is a warning, but Ctrl-C ends the command', async (t) => {
  const record = await recorder();
  const { value, said } = await record(() => ({ code: 2, stdout: '@@state files\n', stderr: 'sh: oops' }), []);
  t.is(value, undefined);
  t.regex(
    said.map((event) => ('text' in event ? event.text : '')).join(),
    /^the state of rs1 is not recorded for lab diff: .*exit code 2/s,
  );
  const lost = await record(() => {
    throw new ConnectionError('connection lost');
  }, []);
  t.is(lost.said[0]?.type, 'warning');
  const interrupted = () => {
    throw new InterruptedError('interrupted');
  };
  await t.throwsAsync(record(interrupted, []), { instanceOf: InterruptedError });
});
