import test from 'ava';
import { diffText, type NodeDiff } from '../../scripts/actions/diff.ts';
import { planOf } from '../render/golden.ts';

const plan = await planOf('dr');
const look = { paint: (_: string, text: string) => text, width: 80 };
const rs1: NodeDiff = {
  node: 'rs1',
  recorded: '2026-11-30T08:15:12.345Z',
  unread: [],
  differences: [
    {
      node: 'rs1',
      section: 'sysctl',
      key: 'net.ipv4.conf.all.arp_ignore',
      before: '1',
      after: '0',
      may: 'whether the node answers ARP for addresses that another of its devices has, such as a VIP on lo',
      undo: 'sysctl -w net.ipv4.conf.all.arp_ignore=1',
    },
    {
      node: 'rs1',
      section: 'file',
      key: '/etc/apache2/ports.conf',
      before: 'Listen 80\n<IfModule ssl_module>\nListen 443\n</IfModule>',
      after: 'Listen 81\n<IfModule ssl_module>\nListen 443\n</IfModule>',
      may: 'what a daemon does when it reads the file the next time',
      undo: undefined,
    },
  ],
};

test('a difference is told like one of diff, with what it may do and the command that undoes it', (t) => {
  const [head, ...lines] = diffText(plan, [rs1], look, 'lab').split('\n');
  t.regex(head ?? '', /^rs1, since 2026-11-30 \d\d:\d\d$/);
  t.deepEqual(lines, [
    '  - sysctl net.ipv4.conf.all.arp_ignore  1',
    '  + sysctl net.ipv4.conf.all.arp_ignore  0',
    '    whether the node answers ARP for addresses that another of its devices has,',
    '    such as a VIP on lo',
    '    lab ssh dr rs1 -- sysctl -w net.ipv4.conf.all.arp_ignore=1',
    '  - file /etc/apache2/ports.conf  Listen 80',
    '  + file /etc/apache2/ports.conf  Listen 81',
    '    what a daemon does when it reads the file the next time',
    '    lab reset dr rs1',
  ]);
});

test('nothing differs, and it is said when that was only compared with the plan', (t) => {
  t.is(diffText(plan, [{ ...rs1, differences: [] }], look, 'lab'), 'nothing differs');
  t.is(
    diffText(plan, [{ node: 'rs1', recorded: null, unread: [], differences: [] }], look, 'lab'),
    'nothing differs\nrs1: no state was recorded, so the comparison is with the plan, which says\nlittle; lab up dr records the state',
  );
});

test('what could not be read is said, and nothing is said to be equal that was not compared', (t) => {
  const unread = ['on rs1, nft could not be read: nft ended with exit code 137'];
  t.is(
    diffText(plan, [{ ...rs1, unread, differences: [] }], look, 'lab'),
    'nothing that could be read differs\non rs1, nft could not be read: nft ended with exit code 137',
  );
  t.regex(diffText(plan, [{ ...rs1, unread }], look, 'lab'), /\n\non rs1, nft could not be read: .*137$/s);
});
