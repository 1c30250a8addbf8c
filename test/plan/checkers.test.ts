import test from 'ava';
import { LabFileError } from '../../scripts/errors.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { member, realServer } from '../../scripts/model/schema/real-server.ts';
import { service } from '../../scripts/model/schema/service.ts';
import { type Checker, checkers } from '../../scripts/model/words.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import { scriptsOf } from '../render/golden.ts';

/** The script of the director that has the checker's configuration. */
async function configurationOf(by: Checker, serviceWords: string, serverWords: string, mode: string): Promise<string> {
  const text = `mode: ${mode}
networks: { front: 192.168.1.0/24${mode === 'nat' ? ', back: 10.2.0.0/24' : ''} }
real_servers: [{ ${serverWords} }, {}]
service: { vip: 192.168.1.3${serviceWords && `, ${serviceWords}`} }
health: { by: ${by} }
`;
  const { lab } = parseLab(text, { name: 'x', file: 'x.yaml' });
  const scripts = await scriptsOf(makePlan(lab));
  return scripts.find(({ node, file }) => node === 'director' && file.endsWith(`-${by}.sh`))?.text ?? '';
}

interface Row {
  key: string;
  /** Words of the service, or of its first real server. */
  service?: string;
  server?: string;
  mode?: string;
  ldirectord: RegExp | 'refused';
  keepalived: RegExp | 'refused';
}

const rows: Row[] = [
  {
    key: 'service.vip',
    ldirectord: /^virtual=192\.168\.1\.3:80$/m,
    keepalived: /^virtual_server 192\.168\.1\.3 80 \{$/m,
  },
  {
    key: 'service.port',
    service: 'port: 8000',
    ldirectord: /^virtual=\S+:8000$/m,
    keepalived: /^virtual_server \S+ 8000 /m,
  },
  {
    key: 'service.protocol',
    service: 'protocol: tcp',
    ldirectord: /^ {4}protocol=tcp$/m,
    keepalived: /^ {4}protocol TCP$/m,
  },
  {
    key: 'service.protocol',
    service: 'protocol: udp',
    ldirectord: 'refused',
    keepalived: /^ {4}protocol UDP$[\s\S]*DNS_CHECK/m,
  },
  { key: 'service.protocol', service: 'protocol: sctp', ldirectord: 'refused', keepalived: 'refused' },
  {
    key: 'service.fwmark',
    service: 'fwmark: 1, port: [80, 443]',
    ldirectord: 'refused',
    keepalived:
      /^virtual_server fwmark 1 \{\n {4}lvs_sched rr\n {4}delay_loop[\s\S]*sorry_server 192\.168\.1\.2\n[\s\S]*real_server 192\.168\.1\.4 \{[\s\S]*HTTP_GET \{\n +connect_port 80\n[\s\S]*SSL_GET \{\n +connect_port 443\n/m,
  },
  {
    key: 'service.backend',
    service: 'backend: echo',
    ldirectord: /service=none\n {4}checktype=connect\n/,
    keepalived: /TCP_CHECK/,
  },
  { key: 'service.backend', service: 'port: 25', ldirectord: /checktype=connect/, keepalived: /SMTP_CHECK/ },
  { key: 'service.backend', service: 'port: 110', ldirectord: /checktype=connect/, keepalived: /TCP_CHECK/ },
  {
    key: 'service.backend',
    service: 'port: 123',
    ldirectord: 'refused',
    keepalived: /UDP_CHECK[\s\S]*payload 230{94}\n/,
  },
  {
    key: 'service.scheduler',
    service: 'scheduler: wlc',
    ldirectord: /^ {4}scheduler=wlc$/m,
    keepalived: /^ {4}lvs_sched wlc$/m,
  },
  {
    key: 'service.flags',
    service: 'scheduler: mh, flags: [mh-port, mh-fallback]',
    ldirectord: /^ {4}schedflags=mh-port,mh-fallback$/m,
    keepalived: /^ {4}mh-port\n {4}mh-fallback$/m,
  },
  {
    key: 'service.persistence',
    service: 'persistence: 60',
    ldirectord: /^ {4}persistent=60$/m,
    keepalived: /^ {4}persistence_timeout 60$/m,
  },
  {
    key: 'service.persistence_granularity',
    service: 'persistence: 60, persistence_granularity: 255.255.255.0',
    ldirectord: /^ {4}netmask=255\.255\.255\.0$/m,
    keepalived: /^ {4}persistence_granularity 255\.255\.255\.0$/m,
  },
  { key: 'service.ops', service: 'ops: true, port: 53', ldirectord: 'refused', keepalived: /^ {4}ops$/m },
  {
    key: 'service.real_servers',
    service: 'real_servers: [{ name: rs2, weight: 7 }]',
    ldirectord: /^ {4}scheduler=rr\n {4}real=192\.168\.1\.5:80 gate 7$/m,
    keepalived: /^ {4}real_server 192\.168\.1\.5 80 \{\n {8}weight 7$/m,
  },
  {
    key: 'real_servers.address',
    server: 'address: 192.168.1.77',
    ldirectord: /real=192\.168\.1\.77:80 /,
    keepalived: /real_server 192\.168\.1\.77 80 /,
  },
  {
    key: 'real_servers.mode',
    server: 'mode: tun',
    ldirectord: /192\.168\.1\.4:80 ipip 1$/m,
    keepalived: /lvs_method TUN$/m,
  },
  { key: 'real_servers.weight', server: 'weight: 5', ldirectord: /:80 gate 5$/m, keepalived: /^ {8}weight 5$/m },
  {
    key: 'real_servers.uthreshold',
    server: 'uthreshold: 9',
    ldirectord: /:80 gate 1 u:9$/m,
    keepalived: /^ {8}uthreshold 9$/m,
  },
  {
    key: 'real_servers.lthreshold',
    server: 'uthreshold: 9, lthreshold: 8',
    // In this order: ldirectord loses what is before l: (add_real_server).
    ldirectord: /:80 gate 1 l:8 u:9$/m,
    keepalived: /^ {8}lthreshold 8$/m,
  },
  {
    key: 'real_servers.port',
    server: 'port: 8080',
    mode: 'nat',
    ldirectord: /real=10\.2\.0\.2:8080 masq/,
    keepalived: /real_server 10\.2\.0\.2 8080 /,
  },
  {
    key: 'real_servers.quiescent',
    server: 'quiescent: true',
    ldirectord: 'refused',
    keepalived:
      /192\.168\.1\.4 80 \{[^}]* {8}inhibit_on_failure true\n[\s\S]*192\.168\.1\.5 80 \{\n {8}weight 1\n {8}lvs_method DR\n {8}HTTP_GET/m,
  },
  {
    key: 'real_servers.tunnel',
    server: 'mode: tun, tunnel: gre',
    ldirectord: 'refused',
    keepalived: /lvs_method TUN type gre /,
  },
  {
    key: 'real_servers.tunnel_port',
    server: 'mode: tun, tunnel: gue, tunnel_port: 7000',
    ldirectord: 'refused',
    keepalived: /lvs_method TUN type gue port 7000 /,
  },
];

/** What IPVS is not told. */
const elsewhere = ['real_servers.name', 'real_servers.gateway'];

for (const by of checkers) {
  for (const row of rows) {
    const words = row.service ?? row.server ?? 'the address';
    test(`${by} keeps what the lab file says of ${row.key}, or it is refused: ${words}`, async (t) => {
      const text = configurationOf(by, row.service ?? '', row.server ?? '', row.mode ?? 'dr');
      const wanted = row[by];
      if (wanted === 'refused') await t.throwsAsync(text, { instanceOf: LabFileError });
      else t.regex(await text, wanted);
    });
  }
}

test('each key of a service and of a real server is looked for', (t) => {
  const keys = [
    ...Object.keys(service.shape).map((key) => `service.${key}`),
    ...[...Object.keys(realServer.shape), ...Object.keys(member.shape)].map((key) => `real_servers.${key}`),
  ];
  t.deepEqual([...new Set([...rows.map(({ key }) => key), ...elsewhere])].sort(), [...new Set(keys)].sort());
});
