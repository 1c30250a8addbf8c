import test from 'ava';
import { ipvsChanges } from '../../../scripts/providers/kernels/changelog.ts';

// Cut out of Debian's.
const changelog = `linux (6.1.190-1) bookworm-security; urgency=high

  * New upstream stable update:
    https://www.kernel.org/pub/linux/kernel/v6.x/ChangeLog-6.1.188
    - ipvs: fix integer overflow in ftp helper port/address parsing
    - btrfs: something else

 -- Somebody <a@example.org>  Sat, 03 Oct 2026 10:00:00 +0200

linux (6.1.187-1) bookworm-security; urgency=high

  * New upstream stable update:
    - ipvs: add totalconns for dest
    - ipvs: properly update the overload flag on dest edit
    - netfilter: nf_tables: a line that has nothing to do with it

 -- Somebody <a@example.org>  Wed, 02 Sep 2026 10:00:00 +0200

linux-signed-amd64 (6.1.180+1) bookworm-security; urgency=high

  * Sign kernel from linux 6.1.180-1

linux (6.1.180-1) bookworm-security; urgency=high

  * net/netfilter/ipvs: Enable IP_VS_TWOS as module
    - ipvs: fix PMTU for GUE/GRE tunnel ICMP errors (CVE-2026-1)

 -- Somebody <a@example.org>  Sat, 01 Aug 2026 10:00:00 +0200
`;

test('what a changelog says of IPVS between two versions, the newest first', (t) => {
  t.deepEqual(ipvsChanges(changelog, '6.1.180-1', '6.1.187-1'), [
    {
      version: '6.1.187-1',
      lines: ['ipvs: add totalconns for dest', 'ipvs: properly update the overload flag on dest edit'],
    },
  ]);
  t.deepEqual(
    ipvsChanges(changelog, '6.1.177-1', '6.1.190-1').map(({ version, lines }) => [version, lines.length]),
    [
      ['6.1.190-1', 1],
      ['6.1.187-1', 2],
      ['6.1.180-1', 2],
    ],
  );
  t.deepEqual(ipvsChanges(changelog, '6.1.190-1', '6.1.192-1'), []);
  t.deepEqual(ipvsChanges('', '1', '2'), []);
});

test('the newest entry of a signed kernel has the changes of the package that was signed', (t) => {
  const entry = `linux-signed-amd64 (6.1.192+3) bookworm-security; urgency=high

  * Sign kernel from linux 6.1.192-2

  * New upstream stable update:
    - ipvs: do not create invisible templates

 -- Somebody <a@example.org>  Mon, 02 Nov 2026 10:00:00 +0100

${changelog}`;
  t.deepEqual(ipvsChanges(entry, '6.1.190-1', '6.1.192-2'), [
    { version: '6.1.192-2', lines: ['ipvs: do not create invisible templates'] },
  ]);
  t.deepEqual(ipvsChanges(entry, '6.1.190-1', '6.1.192-1'), []);
});

test('a rebuild for an older release has the changes of what it was made of', (t) => {
  const versions = (older: string, newer: string) => ipvsChanges(changelog, older, newer).map((one) => one.version);
  t.deepEqual(versions('6.1.180-1~deb11u1', '6.1.187-1~deb11u1'), ['6.1.187-1']);
  t.deepEqual(versions('6.1.177-1~bpo11+1', '6.1.180-1'), ['6.1.180-1']);
});
