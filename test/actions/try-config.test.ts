import test from 'ava';
import { opinionOf, opinionText } from '../../scripts/actions/try-config.ts';
import { importedServices } from '../../scripts/import/import.ts';

const conf = `virtual_server 10.0.0.1 80 {
  lb_algo wrr
  lb_kind DR
  protocol TCP
  sorry_server 10.0.0.9 80
  real_server 10.0.0.4 80 { weight 3 }
  real_server 10.0.0.5 80 { alpha
    TCP_CHECK { alpha }
  }
}
`;
const table = (weight: number, more = '') =>
  `-A -t 10.0.0.1:80 -s wrr\n-a -t 10.0.0.1:80 -r 10.0.0.4:80 -g -w ${weight}\n${more}@@log\n`;

function opinion(output: string) {
  const configured = importedServices([{ name: 'keepalived.conf', text: conf }], { included: () => 'none' });
  return opinionOf(configured, output);
}

test('the same table is no difference; what waits for its first check, and the sorry server, are none either', (t) => {
  t.deepEqual(opinion(table(3)), { services: 1, differences: [], complaints: [] });
  t.deepEqual(opinion(table(3, '-a -t 10.0.0.1:80 -r 10.0.0.9:80 -g -w 1\n')).differences, []);
  // inhibit_on_failure keeps it in the table.
  t.deepEqual(opinion(table(3, '-a -t 10.0.0.1:80 -r 10.0.0.5:80 -g -w 0\n')).differences, []);
});

test('another weight, a real server that nobody reads, and an empty table are told', (t) => {
  const [weight] = opinion(table(1)).differences;
  t.regex(weight ?? '', /10\.0\.0\.4:80: weight 1 in the table that keepalived made, 3 in what lab import reads/);
  const [more] = opinion(table(3, '-a -t 10.0.0.1:80 -r 10.0.0.7:80 -g -w 1\n')).differences;
  t.regex(more ?? '', /10\.0\.0\.7:80 is in the table that keepalived made, but not in what lab import reads/);
  t.is(opinion('\n@@log\n').differences.length, 1);
});

test('lines of the log about the configuration are complaints, each once; the screen has eight', (t) => {
  const lines = Array.from(
    { length: 9 },
    (_, at) => `Tue Dec  1 02:20:0${at} 2026: (Line ${at + 1}) Unknown keyword 'x'`,
  );
  const found = opinion(
    `${table(3)}Tue Dec  1 02:20:00 2026: Starting Healthcheck child process\n${lines.join('\n')}\n${lines[0]}\n`,
  );
  t.is(found.complaints.length, 9);
  t.is(found.complaints[0], "(Line 1) Unknown keyword 'x'");
  const refused =
    'Tue Dec  1 02:20:00 2026: (/tmp/tmp.x/keepalived.conf: Line 7) *** Configuration line is missing a parameter\n';
  t.deepEqual(opinion(`\n@@log\n${refused}`).complaints, ['(Line 7) *** Configuration line is missing a parameter']);
  const text = opinionText({ ...found, lab: 'dr' }, 80);
  t.regex(text, /1 more lines: --json shows them/);
  for (const line of text.split('\n')) t.true(line.length <= 80, line);
});
