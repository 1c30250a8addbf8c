import test from 'ava';
import { addServer, removeServer, weighServer } from '../../scripts/experiment/edits.ts';
import { serviceIn } from '../../scripts/experiment/services.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { type Sender, send } from '../../scripts/trials/send.ts';
import { planOf } from '../render/golden.ts';

const plan = await planOf('persistence');
const templates = await loadTemplates(projectRoot);

test('ipvsadm’s commands for one real server keep what is planned of it', async (t) => {
  const service = serviceIn(plan, 80);
  if (!service) throw new Error('no service');
  t.is(addServer(service, 'rs2'), 'ipvsadm -a -t 192.168.1.3:80 -r 192.168.1.5:80 -g -w 2');
  t.is(weighServer(service, 'rs2', 0), 'ipvsadm -e -t 192.168.1.3:80 -r 192.168.1.5:80 -g -w 0');
  t.is(removeServer(service, 'rs2'), 'ipvsadm -d -t 192.168.1.3:80 -r 192.168.1.5:80');
  t.deepEqual(serviceIn(plan, 'TCP 192.168.1.3:80'), service);
  t.is(serviceIn(plan, 81), undefined);
});

/** Answers as the client’s programs print them. */
function sender(printed: (script: string) => string): { of: Sender; scripts: string[] } {
  const scripts: string[] = [];
  const sh = async (node: string, script: string) => {
    scripts.push(`${node}\n${script}`);
    return printed(script);
  };
  return { of: { plan, templates, sh }, scripts };
}

test('each request has the port that was chosen, also one that got no answer', async (t) => {
  const { of, scripts } = sender((script) =>
    script.includes('ask_curl 20001')
      ? '@@look answers during\n@@service 20001 1\n<h1>This is real server rs1</h1>\n@@answer 200 20001 0.01 0 \n@@service 20001 1\n@@answer 0 0 3.0 28 timed out\n@@look end\n'
      : '',
  );
  const rows = await send(of, { ports: [20001, 20001] });
  t.deepEqual(
    rows.map(({ server, answered, port, error }) => [server, answered, port, error]),
    [
      ['rs1', true, 20001, undefined],
      [undefined, false, 20001, 'timed out'],
    ],
  );
  t.is(scripts.join().match(/^ask_curl 20001 1 1 0 /gm)?.length, 2);
});

test('the client asks from another address by a route to the VIP, which goes away afterwards', async (t) => {
  const { of, scripts } = sender(() => '');
  await send(of, { from: '192.168.1.77', ports: 20001 });
  t.regex(
    scripts[0] ?? '',
    /ip address replace 192\.168\.1\.77\/24 dev "\$nic"\n.*192\.168\.1\.3\/32 dev "\$nic" src 192/s,
  );
  t.is(scripts.at(-1), 'client\nip route delete 192.168.1.3/32\n');
});

test('a size is both ways, or each way by itself, and connections are held by a process of their own', async (t) => {
  const { of, scripts } = sender(() => '');
  await send(of, { size: 1400, ports: 20001 });
  await send(of, { size: { up: 5 }, ports: 20001 });
  await send(of, { hold: 'one', ports: [20005, 20009] });
  t.regex(scripts[0] ?? '', /^client\nbytes=1400\n/);
  t.regex(scripts[1] ?? '', /^client\nup=5\n/);
  t.regex(scripts[2] ?? '', /perl "\$state\.pl" 192\.168\.1\.3 80 \d+ 20005 20009 >/);
});

test('an answer that names no real server is that of the connection from its port', async (t) => {
  const { of } = sender((script) => {
    if (script.startsWith('cat /proc')) return 'TCP C0A80164 4E25 C0A80103 0050 C0A80106 0050 ESTABLISHED     899\n';
    return script.includes('setsid') ? '@@answer 200 20005 0.01 0 \n' : '';
  });
  t.deepEqual(
    (await send(of, { hold: 'one', ports: 20005 })).map(({ server, answered }) => [server, answered]),
    [['rs3', true]],
  );
});
