import test from 'ava';
import { kbuildText, makeArguments, mistakesIn, progressIn } from '../../scripts/modules/kbuild.ts';

test('headers of the sources come before those of the headers package', (t) => {
  const [headers = ''] = kbuildText('/build/a').split('\n');
  t.true(headers.indexOf('-I/build/a/include') < headers.indexOf('$(LINUXINCLUDE)', headers.indexOf(':=')));
});

test('make works in the folder of the headers, on the folder of the build', (t) => {
  const words = makeArguments('/usr/src/linux-headers-6.12.117', '/build/a', 2);
  t.is(words[words.indexOf('-C') + 1], '/usr/src/linux-headers-6.12.117');
  t.true(words.includes('M=/build/a'));
  t.is(words.at(-1), 'modules');
});

test('progress is what make compiles and links', (t) => {
  t.is(progressIn('  CC [M]  /build/a/ip_vs_core.o'), 'CC ip_vs_core.o');
  t.is(progressIn('  LD [M]  ip_vs.ko'), 'LD ip_vs.ko');
  t.is(progressIn('  MODPOST /build/a/Module.symvers'), 'MODPOST Module.symvers');
  t.is(progressIn('/build/a/ip_vs_core.c:12:3: error: no'), undefined);
});

test('of a failed build the compiler’s lines are shown, from the first error on, without those of make', (t) => {
  const output = [
    '  CC [M]  /build/a/ip_vs_core.o',
    '/build/a/ip_vs_core.c: In function ‘ip_vs_in_hook’:',
    '/build/a/ip_vs_core.c:1960:9: error: ‘x’ undeclared (first use in this function)',
    ' 1960 |         x = 1;',
    '      |         ^',
    'make[3]: *** [/usr/src/linux-headers/scripts/Makefile.build:249: /build/a/ip_vs_core.o] Error 1',
    '  CC [M]  /build/a/ip_vs_ctl.o',
  ];
  t.deepEqual(mistakesIn(output, '/build/a'), [
    'ip_vs_core.c:1960:9: error: ‘x’ undeclared (first use in this function)',
    ' 1960 |         x = 1;',
    '      |         ^',
  ]);
});

test('a symbol that the kernel does not have is a mistake too', (t) => {
  const output = ['  MODPOST Module.symvers', 'ERROR: modpost: "no_such" [/build/a/ip_vs.ko] undefined!'];
  t.deepEqual(mistakesIn(output, '/build/a'), ['ERROR: modpost: "no_such" [ip_vs.ko] undefined!']);
});

test('a build that failed in another way shows what make says', (t) => {
  const output = ['  CC [M]  /build/a/x.o', 'make[2]: *** [Makefile:1: x.o] Killed'];
  t.deepEqual(mistakesIn(output, '/build/a'), ['make[2]: *** [Makefile:1: x.o] Killed']);
});
