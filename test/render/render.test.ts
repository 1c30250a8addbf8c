import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { parse } from 'sh-syntax';
import { backends } from '../../scripts/backends/index.ts';
import { parseFirewall } from '../../scripts/checks/firewall/look.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer } from '../../scripts/render/render.ts';
import { shellQuote } from '../../scripts/render/shell-quote.ts';
import { allLabs, drillTexts, goldenLabs, planOf, renderGolden, scriptsOf, warmScriptsOf } from './golden.ts';
import { lookScripts } from './look-scripts.ts';

// Before the first test: ava wants all of them declared at once.
const labs = await allLabs();

for (const name of goldenLabs) {
  test(`lab ${name}: plan and scripts are as in the golden file`, async (t) => {
    const golden = await readFile(join(projectRoot, 'test/golden', `${name}.txt`), 'utf8');
    t.is(await renderGolden(name), golden, 'npm run golden writes it anew');
  });
}

test('every template of a node is in a golden file', async (t) => {
  const plans = await Promise.all(goldenLabs.map(planOf));
  const used = new Set(
    plans.flatMap(({ nodes, phases }) => [
      ...nodes.flatMap(({ warm }) => warm),
      ...phases.flatMap(({ scripts }) => scripts.map(({ template }) => template)),
    ]),
  );
  const templates = await loadTemplates(projectRoot);
  const partials = new Set([
    ...[...templates.values()].flatMap((text) => [...text.matchAll(/\{\{> ([\w/-]+)/g)].map(([, name]) => name)),
    ...backends.flatMap(({ client, helper }) => [client.template, ...(helper ? [helper.template] : [])]),
  ]);
  const ofNodes = [...templates.keys()].filter(
    (name) =>
      !/^(partials|verify|checks|drills|faults|state|tracking|diagnosis|trials)\//.test(name) && !partials.has(name),
  );
  t.deepEqual(
    ofNodes.filter((name) => !used.has(name)),
    [],
  );
});

for (const name of labs) {
  test(`lab ${name}: every script is POSIX sh, with a comment over each command`, async (t) => {
    const plan = await planOf(name);
    const warm = (await warmScriptsOf(plan)).map(({ name: file, text }) => ({ file, text }));
    for (const { file, text } of [...warm, ...(await scriptsOf(plan))]) {
      await t.notThrowsAsync(parse(text), file);
      t.true(text.startsWith('#!/bin/sh\n# '), file);
      t.regex(text, /\nset -eu\n/, file);
    }
  });
}

for (const name of labs) {
  test(`lab ${name}: every script that looks at a node is POSIX sh`, async (t) => {
    for (const { name: script, text } of await lookScripts(name)) await t.notThrowsAsync(parse(text), script);
  });
}

test('every script of a drill is POSIX sh', async (t) => {
  for (const { name, text } of await drillTexts()) await t.notThrowsAsync(parse(text), name);
});

test('a template beside its code is used as a partial by its full name, one of templates/partials by its own', (t) => {
  const render = renderer(
    new Map([
      ['partials/nic', 'nic {{mac}}'],
      ['backends/http/ask', 'ask {{mac}}'],
      ['verify/client', '{{> nic}}; {{> backends/http/ask}}'],
    ]),
  );
  t.is(render({ template: 'verify/client', context: { mac: 'a' } }), 'nic a; ask a\n');
});

test('a template that lacks a value fails instead of rendering nothing', (t) => {
  const render = renderer(
    new Map([
      ['a', 'ip address add {{sh vip}}'],
      ['b', '{{vip}}'],
    ]),
  );
  t.throws(() => render({ template: 'a', context: {} }), { any: true });
  t.throws(() => render({ template: 'b', context: {} }), { any: true });
});

test('every quoted value reaches dash as one unchanged word', async (t) => {
  const file = join(await mkdtemp(join(tmpdir(), 'lab-quote-')), 'script');
  const words = fc.sample(
    fc.string({ unit: 'binary' }).filter((word) => !word.includes('\0') && Buffer.from(word).toString() === word),
    500,
  );
  const hostile = ["'; rm -rf /; '", '$(reboot)', '`reboot`', '"', '\\', '\n', '-n', '', "a'b'c", '$IFS', '*'];
  const all = [...words, ...hostile];
  await writeFile(file, `printf '%s\\0' ${all.map(shellQuote).join(' ')}\n`);
  const printed = execFileSync('dash', [file], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\0')
    .slice(0, -1);
  t.deepEqual(printed, all);
});

test('a value that cannot be a shell word is refused', (t) => {
  for (const value of [undefined, null, {}, [], true, 'a\0b'])
    t.throws(() => shellQuote(value), { instanceOf: TypeError });
});

test('on a stock box the first step installs what is missing, and only that; with all there it asks no mirror', async (t) => {
  const render = renderer(await loadTemplates(projectRoot));
  const tools = ['curl', 'tcpdump'].map((program) => ({ program, package: `${program}-package` }));
  const text = render({ template: 'node/prepare', context: { name: hostname(), role: 'Client', tools } });
  const bin = await mkdtemp(join(tmpdir(), 'lab-box-'));
  const put = (name: string, body: string) => writeFile(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  await put('apt-get', `echo "$DEBIAN_FRONTEND $*" >> ${bin}/log`);
  await put('tcpdump', '');
  const prepare = () => execFileSync('/bin/sh', ['-c', text], { env: { PATH: bin } });
  prepare();
  const log = await readFile(join(bin, 'log'), 'utf8');
  t.is(
    log,
    'noninteractive update\nnoninteractive install --yes --no-install-recommends -o DPkg::Lock::Timeout=300 curl-package\n',
  );
  await put('curl', '');
  prepare();
  t.is(await readFile(join(bin, 'log'), 'utf8'), log);
});

test('where firewalld and SELinux are, the first step turns them off, and what is off it leaves alone', async (t) => {
  const render = renderer(await loadTemplates(projectRoot));
  const folder = await mkdtemp(join(tmpdir(), 'lab-box-'));
  const bin = join(folder, 'bin');
  const enforce = join(folder, 'enforce');
  const log = join(folder, 'log');
  const put = (name: string, body: string) => writeFile(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  const rendered = render({ template: 'node/prepare', context: { name: hostname(), role: 'Client', tools: [] } });
  t.true(rendered.includes('enforce=/sys/fs/selinux/enforce\n'));
  const text = rendered.replace('/sys/fs/selinux/enforce', enforce);
  const prepare = async () => {
    await writeFile(log, '');
    execFileSync('/bin/sh', ['-c', text], { env: { PATH: bin } });
    return readFile(log, 'utf8');
  };
  await mkdir(bin);
  await put('systemctl', `echo "systemctl $*" >> ${log}`);
  t.is(await prepare(), '', 'Debian has neither');
  await put('firewalld', '');
  await writeFile(enforce, '1'); // as the kernel writes it, without a newline
  t.is(await prepare(), 'systemctl disable --now firewalld\n');
  t.is((await readFile(enforce, 'utf8')).trim(), '0');
  await writeFile(enforce, '0');
  const { mtimeMs } = await stat(enforce);
  await prepare();
  t.is((await stat(enforce)).mtimeMs, mtimeMs, 'what is off is left alone');
});

test('where firewalld and SELinux are, what looks at a node tells what it finds', async (t) => {
  const render = renderer(await loadTemplates(projectRoot));
  const text = render({ template: 'checks/firewall/look', context: {} });
  const folder = await mkdtemp(join(tmpdir(), 'lab-box-'));
  const put = (name: string, body: string) => writeFile(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  await put('firewalld', '');
  await put('systemctl', 'echo active; exit 3');
  await put(
    'nft',
    `echo "table ip own {"; echo "chain input {"; echo "type filter hook input priority 0; policy drop;"`,
  );
  await put(
    'iptables-legacy-save',
    `echo "*filter"; echo ":INPUT ACCEPT [0:0]"; echo "-A INPUT -s 192.168.1.100/32 -p tcp -j DROP"; echo COMMIT`,
  );
  await writeFile(join(folder, 'enforce'), '1');
  await writeFile(join(folder, 'ip_tables_names'), 'nat\nfilter\n');
  await writeFile(join(folder, 'ip6_tables_names'), '');
  await writeFile(join(folder, 'arp_tables_names'), 'filter\n');
  const look = text
    .replaceAll('/proc/net', folder)
    .replaceAll('/sys/fs/selinux/enforce', join(folder, 'enforce'))
    .replaceAll('/sys/module/nf_tables', folder);
  const seen = parseFirewall(execFileSync('/bin/sh', ['-uc', look], { env: { PATH: folder }, encoding: 'utf8' }));
  const rule = {
    table: 'ip filter',
    chain: 'INPUT',
    hook: 'input',
    what: '-A INPUT -s 192.168.1.100/32 -p tcp -j DROP',
    remove: 'iptables-legacy -t filter -D INPUT -s 192.168.1.100/32 -p tcp -j DROP',
  };
  t.deepEqual(seen, {
    firewalld: 'active',
    enforcing: true,
    filters: [{ table: 'ip own', chain: 'input', hook: 'input', what: 'policy drop' }],
    arpRules: false,
    legacy: [
      { family: 'ip', tables: ['nat', 'filter'], filters: [rule], used: true },
      { family: 'arp', tables: ['filter'], filters: undefined, used: true },
    ],
  });
});
