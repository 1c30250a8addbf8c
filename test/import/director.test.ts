import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { readDirector } from '../../scripts/actions/read-director.ts';
import { ConnectionError, ScriptError, UsageError } from '../../scripts/errors.ts';
import { answersIn, directorCommands, directorScript, directorSources } from '../../scripts/import/director.ts';
import { convert } from '../../scripts/import/import.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { standIn } from '../stand-in.ts';

/** A director's programs: what each prints, or the exit code with which it fails. */
type Programs = Readonly<Record<string, string | number>>;

const conf =
  'virtual_server 192.0.2.1 80 {\n protocol TCP\n lvs_sched wrr\n real_server 198.51.100.1 80 {\n weight 3\n }\n}';
const table = '-A -t 192.0.2.9:80 -s rr\n-a -t 192.0.2.9:80 -r 198.51.100.7:80 -g -w 1\n';
const settings = 'net.ipv4.vs.conntrack = 1\nnet.ipv4.vs.snat_reroute = 1\nnet.ipv4.vs.sync_threshold = 3\t50\n';
const addresses = '2: eth0    inet 198.51.100.7/24 brd 198.51.100.255 scope global eth0\\       valid_lft forever\n';

/** An ssh that runs the command here, with the programs of a made-up director that has IPVS. It notes its arguments. */
async function director(programs: Programs): Promise<string> {
  const folder = await standIn(
    'ssh',
    'printf "%s\\n" "$@" >"$(dirname "$0")/arguments"\nfor last; do :; done\nlast=$(printf %s "$last" | sed s,/proc/net/ip_vs,/,)\nPATH="$(dirname "$0")/bin:$PATH" exec sh -c "$last"\n',
  );
  await mkdir(join(folder, 'bin'));
  for (const name of ['ipvsadm-save', 'cat', 'ip', 'sysctl', 'sudo']) {
    const does = programs[name] ?? 1;
    const text = typeof does === 'number' ? `echo "${name}: no" >&2; exit ${does}` : `/bin/cat <<'end'\n${does}\nend`;
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, 'bin', name), 0o755);
  }
  return folder;
}

const labOf = ({ sources, table }: Awaited<ReturnType<typeof readDirector>>) => {
  const made = convert(sources, 'lb1', { table, included: (pattern) => pattern });
  return { made, lab: parseLab(made.text, { name: 'imported', file: 'imported.yaml' }).lab };
};

test.serial('a live director: keepalived.conf, and its sysctls that are not the kernel’s', async (t) => {
  await director({ 'ipvsadm-save': table, cat: conf, ip: addresses, sysctl: settings });
  const found = await readDirector('ssh://root@lb1', { yes: true });
  t.deepEqual(
    found.sources.map(({ name }) => name),
    ['lb1:keepalived.conf', 'lb1:sysctls', 'lb1:addresses'],
  );
  const { lab, made } = labOf(found);
  t.deepEqual(made.untold, [
    "TCP 192.0.2.1:80 is not in the director's table at this moment",
    "TCP 192.0.2.9:80 is in the director's table, but not in its configuration",
  ]);
  t.like(lab.services[0], { scheduler: 'wrr' });
  t.deepEqual(lab.ipvs.sysctls, [{ name: 'conntrack', value: 1 }]);
});

test.serial(
  'a live director without keepalived: its table, in which a real server with its own address is itself',
  async (t) => {
    await director({ 'ipvsadm-save': table, ip: addresses, sysctl: settings });
    const { lab } = labOf(await readDirector('ssh://root@lb1:2222', { yes: true }));
    t.deepEqual(
      lab.services[0]?.destinations.map(({ server }) => server),
      ['director'],
    );
  },
);

test.serial('ssh asks nothing, and wants a known host key', async (t) => {
  const folder = await director({ 'ipvsadm-save': table });
  await readDirector('ssh://root@lb1:2222/', { yes: true });
  const given = await readFile(join(folder, 'arguments'), 'utf8');
  t.regex(given, /BatchMode=yes\n/);
  t.regex(given, /StrictHostKeyChecking=yes\n/);
  t.regex(given, /\n--\nssh:\/\/root@lb1:2222\n/);
});

const refusals: [title: string, script: string, error: RegExp, help: RegExp][] = [
  [
    'an unknown host key',
    'echo "Host key verification failed." >&2; exit 255',
    /known_hosts has no host key/,
    /^ssh ssh:\/\/root@lb1 once/,
  ],
  [
    'another host key',
    'echo "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!" >&2; exit 255',
    /another one than known_hosts has/,
    /ssh-keygen -R lb1/,
  ],
  [
    'no key that lets in',
    'echo "root@lb1: Permission denied (publickey)." >&2; exit 255',
    /asks for no password/,
    /ssh-copy-id/,
  ],
  ['an unknown host', 'echo "Could not resolve hostname lb1" >&2; exit 255', /could not log in/, /BatchMode/],
  ['a connection that breaks', 'echo lvs-lab:begin ipvsadm-save; exit 255', /could not log in/, /BatchMode/],
];

for (const [title, script, what, help] of refusals) {
  test.serial(`${title}: said, with what helps`, async (t) => {
    await standIn('ssh', script);
    const error = await t.throwsAsync(readDirector('ssh://root@lb1', { yes: true }), { instanceOf: ConnectionError });
    t.regex(error?.message ?? '', what);
    t.regex(error?.facts.tryThis ?? '', help);
  });
}

test.serial('a director that lets nobody read its table', async (t) => {
  await director({ ip: addresses, sysctl: settings });
  const error = await t.throwsAsync(readDirector('ssh://me@lb1', { yes: true }), { instanceOf: ScriptError });
  t.regex(error?.message ?? '', /test -e \/proc\/net\/ip_vs && sudo -n ipvsadm-save -n failed/);
});

test('without --yes nothing runs if nobody can answer', async (t) => {
  const error = await t.throwsAsync(readDirector('ssh://root@lb1', { yes: false }), { instanceOf: UsageError });
  t.is(error?.facts.tryThis, '--yes');
});

for (const wrong of [
  'ssh://',
  'ssh://-oProxyCommand=x',
  'ssh://root@',
  'ssh://a b',
  'ssh://root@lb1/etc',
  "ssh://a';b'@c",
]) {
  test(`${wrong} is no director`, async (t) => {
    await t.throwsAsync(readDirector(wrong, { yes: true }), { instanceOf: UsageError });
  });
}

test('what the commands print is told apart, whatever is in it', (t) => {
  const commands = directorCommands('root');
  t.regex(directorScript(commands), /; test -e \/proc\/net\/ip_vs && ipvsadm-save -n; /);
  const text = commands.map(
    ({ name }, at) => `lvs-lab:begin ${name}\nlvs-lab:end x 0\n${name}\n\nlvs-lab:end ${name} ${at}\n`,
  );
  const answers = answersIn(text.join(''), commands);
  t.deepEqual(answers?.get('sysctls'), { text: 'lvs-lab:end x 0\nsysctls\n', code: 3 });
  t.is(answersIn(text.slice(1).join(''), commands), undefined);
  t.deepEqual(directorSources('lb1', new Map()), { sources: [], table: [] });
});
