/**
 * Which test is in which set, and why. `npm test` runs the core: what proves on this computer that the kit works, in half an
 * hour. `npm run test:all` runs everything. The title `*` puts a whole part into one set; in the other parts each test has a line.
 * The unit tests fail if a test has no line here, or a line names no test.
 */
export type TestSet = 'core' | 'all';

/** Where a test is: in the core, or only among all. */
export type Where = 'core' | 'rest';

/** Parts that run on real machines, each with its file of tests. */
export const machineParts = {
  modes: 'test/e2e/modes.test.ts',
  labs: 'test/e2e/labs.test.ts',
  machines: 'test/e2e/machines.test.ts',
  rules: 'test/e2e/rules.test.ts',
  diff: 'test/e2e/diff.test.ts',
  faults: 'test/e2e/faults.test.ts',
  schedulers: 'test/e2e/schedulers.test.ts',
  networks: 'test/e2e/networks.test.ts',
  interrupt: 'test/e2e/interrupt.test.ts',
  crowd: 'test/e2e/crowd.test.ts',
  variants: 'test/e2e/variants.test.ts',
  debian12: 'test/e2e/debian12.test.ts',
  checkpoints: 'test/e2e/checkpoints.test.ts',
  hardship: 'test/e2e/hardship.test.ts',
  chaos: 'test/e2e/chaos.test.ts',
  endurance: 'test/e2e/endurance.test.ts',
  paths: 'test/e2e/paths.test.ts',
  experiments: 'test/e2e/experiments.test.ts',
  exercises: 'test/e2e/exercises.test.ts',
  class: 'test/e2e/class.test.ts',
  kernels: 'test/e2e/kernels.test.ts',
  compare: 'test/e2e/compare.test.ts',
  configs: 'test/e2e/configs.test.ts',
  batch: 'test/e2e/batch.test.ts',
  scripted: 'test/e2e/scripted-page.test.ts',
  page: 'test/e2e/page.test.ts',
  vagrant: 'test/vagrant/modes.test.ts',
} as const;

export type MachinePart = keyof typeof machineParts;

/**
 * Parts of which `npm run test:all` runs two at a time where there are four cores. They look at labs of their own alone, and no
 * number in them depends on how busy the computer is. The longest comes first.
 */
export const pairable: readonly MachinePart[] = [
  'labs',
  'modes',
  'variants',
  'debian12',
  'checkpoints',
  'paths',
  'diff',
  'faults',
  'rules',
  'networks',
  'interrupt',
];

export function isOnMachines(part: string): part is MachinePart {
  return part in machineParts;
}

/** All parts, in their order. `checks`, `unit` and `images` belong to both sets. */
export const parts = ['checks', 'unit', 'images', ...(Object.keys(machineParts) as MachinePart[])] as const;
export type Part = (typeof parts)[number];

export interface Listed {
  part: MachinePart;
  /** A title; `*` stands for anything. */
  title: string;
  where: Where;
  why: string;
}

const core = (part: MachinePart, title: string, why: string): Listed => ({ part, title, where: 'core', why });
const rest = (part: MachinePart, title: string, why: string): Listed => ({ part, title, where: 'rest', why });

/** The first line that fits counts. */
export const sets: readonly Listed[] = [
  core('modes', '*', 'the three forwarding methods with all their faults are what the kit is for'),

  core('labs', 'lab services*', 'backends https and dns; two VIPs, with a fault of one'),
  core('labs', 'lab ftp*', 'backend ftp, with a fault'),
  core('labs', 'lab sctp*', 'backend echo, over SCTP, with a fault'),
  core('labs', 'lab ipv6-dr*', 'IPv6, with its faults'),
  core('labs', 'lab tun-gue*', 'a tunnel in UDP, with a fault'),
  core('labs', 'lab localnode*', 'LocalNode, with a fault'),
  rest(
    'labs',
    'lab *, fault: *',
    'each verifies a lab twice; the core has the faults of the three methods and of six other labs',
  ),
  core('labs', 'lab health *', 'drill: ldirectord takes a real server out and in again'),
  core('labs', 'lab keepalived *', 'drill: keepalived, and weights that follow the load'),
  core('labs', 'lab nat-centos *', 'drill: a wrong clock'),
  core('labs', 'lab ha *', 'drill: one director takes over from the other'),
  core('labs', 'lab web *', 'drills of a web site: power cut, a real server down'),
  rest('labs', 'lab ocfs2 *', 'the drill of the shared disk: three minutes, and a guest image of its own'),
  rest('labs', 'lab * passes all its checks, *', 'the core has another lab of this kind'),
  rest('labs', 'lab * ends, *', 'the end of labs that are not in the core'),

  core('faults', '*', 'faults are made, seen and undone, also after a kill'),

  core('machines', 'clones have their own names, *', 'what a clone must not share'),
  core('machines', 'guests reach neither *', 'a lab is closed'),
  core('machines', 'nothing of a lab listens outside *', 'a lab is closed'),
  core('machines', 'lab ssh passes on *', 'the command that is used most beside run'),
  core('machines', 'a changed host key is refused', 'a lab is closed'),
  core('machines', 'keys and state are private', 'a lab is closed'),
  core('machines', 'reset makes one node as new *', 'reset'),
  core('machines', 'a machine whose kernel panics: *', 'what ends can be brought back'),
  core('machines', 'a machine that is frozen: *', 'a frozen machine is noticed'),
  core('machines', 'a script that fails *', 'an error that helps'),
  core('machines', 'a kill in the middle of up: *', 'a killed command'),
  core('machines', 'Debian 12 guests: *', 'the other release'),
  rest('machines', 'each console log is kept', 'a file that people rarely read'),
  rest('machines', 'reset makes the whole lab as new', 'the core resets one node'),
  rest('machines', 'a machine that reboots *', 'like a machine that ended, which is in the core'),
  rest('machines', 'another weight is set in place: *', 'a change of the lab file is rare'),
  rest('machines', 'a switch that ended *', 'a rare failure'),
  rest('machines', 'a lab of one’s own: *', 'the core has labs like it'),
  rest('machines', 'an installed package: *', 'the core runs the same compiled command from the checkout'),
  rest('machines', 'steps of a command that was interrupted *', 'the core interrupts a drill'),

  core('rules', '*', 'rules: save, clear and restore give the same table back'),
  rest('diff', '*', 'what a person changes is told, and undone as told'),
  core('schedulers', 'each scheduler once: *', 'the oracle against one kernel'),
  rest('schedulers', 'every scenario: *', 'every scenario on both kernels'),
  rest('networks', 'a line doubles *', 'it failed once, and why is not known yet: a wirefilter ended'),
  core('networks', 'a line *', 'lines of machines without guests: seconds'),
  core('networks', 'a capture *', 'captures of machines without guests: seconds'),
  rest('networks', 'lab dr: *', 'a line that a guest cannot see is bad, and good again: half a minute'),
  rest('networks', 'commands that were killed *', 'random kills: half a minute'),
  core('interrupt', '*', 'Ctrl-C in the middle of a drill'),
  core('crowd', '2 labs side by side, *', 'two labs at once'),
  rest('crowd', '8 labs side by side, *', 'a class: minutes'),
  rest('crowd', 'two users: *', 'needs a second account; minutes'),
  rest('variants', '*', 'labs with another option than the shipped ones'),
  rest('debian12', '*', 'labs that may behave differently on another kernel'),
  core('checkpoints', 'a lab that was saved comes back *', 'save and load'),
  rest('checkpoints', 'lab web comes back *', 'the core loads another lab'),
  rest('checkpoints', 'lab ha, *', 'the core loads another lab'),
  rest('checkpoints', 'Debian 12: *', 'the core loads a lab of the other release'),
  rest('checkpoints', 'a file *', 'for another computer: a minute'),
  rest('checkpoints', 'a damaged checkpoint *', 'a rare failure'),
  rest('checkpoints', 'a save that was killed *', 'the rounds kill saves too'),
  rest('checkpoints', 'Ctrl-C *', 'a unit test does it without machines'),
  rest('checkpoints', '* rounds of saves and loads, *', 'random kills: minutes'),
  rest('hardship', '*', 'rare conditions of the host'),
  rest('chaos', '*', 'random kills: minutes'),
  rest('endurance', '*', 'the same again and again: minutes'),

  core('paths', 'lab dr: *', 'the path of a request by DR'),
  rest('paths', 'lab nat: *', 'the path of a request by NAT'),
  rest('paths', 'a real server without VIP, *', 'where a request ends, and why'),
  rest('paths', 'nothing of a path stays *', 'a path changes nothing'),
  rest('paths', 'lab *: a request to each real server *', 'the core follows requests by two methods'),
  rest('paths', 'lab compare: *', 'brings three labs up, one after the other'),
  rest('paths', 'tshark *', 'needs a large package'),
  rest('paths', 'lab capture *', 'the capture itself is in the part networks'),

  core('experiments', 'bug sh-quiesced-server *', 'a bug is reproduced and mended: one lab, twice'),
  rest('experiments', 'bug * is reproduced, *', 'the core has one bug; each brings its lab up twice'),
  rest('experiments', 'every verb *', 'the core has an experiment: a bug'),
  rest('experiments', 'what is not seen *', 'what an experiment tells, and what it leaves'),
  rest('experiments', 'Ctrl-C *', 'the core interrupts a drill'),

  rest(
    'exercises',
    '*',
    'exercises are experiments of what other parts prove, and a thousand variants of each take a minute',
  ),

  rest('configs', '*', 'keepalived itself reads each keepalived.conf of the tests: two minutes'),
  rest('class', '*', 'a class is graded by labs that the exercises have as well: minutes'),

  rest('kernels', '*', 'a kernel is downloaded, and a template made for it: minutes'),

  rest('compare', '*', 'two labs are brought up twice, with a clock that counts instructions: minutes'),

  core('batch', 'a batch that is killed *', 'many labs, one after the other, with a kill: half a minute'),
  rest('batch', 'Slurm: *', 'needs root and the packages of Slurm; a node that dies is missed after seconds'),
  rest('scripted', '*', 'a browser is installed; the server’s security is among the unit tests'),
  rest('page', '*', 'a browser is installed; a script plays the lab in the other tests of the page'),

  core('vagrant', 'nat: the same lab *', 'the other provider: up and verify'),
  core('vagrant', 'nat: down *', 'the other provider: down'),
  rest('vagrant', '*, fault: *', 'the core has these faults on QEMU’s machines'),
  rest('vagrant', '*: the same lab *', 'the core brings one lab up'),
  rest('vagrant', '*: down *', 'the core takes one lab down'),
  rest('vagrant', 'a kill *', 'the other provider: a killed command'),
  rest('vagrant', 'reset of a node *', 'the other provider: reset'),
  rest('vagrant', 'a reboot keeps *', 'the other provider: disks'),
  rest('vagrant', 'a machine that was powered off: *', 'the other provider: what ends can be brought back'),
  rest('vagrant', 'doctor shows *', 'one line of doctor'),
  rest('vagrant', 'an experiment *', 'the core tries a bug on QEMU’s machines'),
  rest('vagrant', 'no such box: *', 'a message'),
  rest('vagrant', 'boxes can be added *', 'boxes by hand'),
  rest('vagrant', 'a cache that was moved: *', 'a rare state of the box'),
  rest('vagrant', 'the Vagrantfile by hand: *', 'the Vagrantfile without the kit’s command'),
  rest('vagrant', 'the VirtualBox part *', 'VirtualBox cannot run in most places where tests run'),
];

/** The line that names a test; undefined where none does. */
export function listed(part: MachinePart, title: string): Listed | undefined {
  return sets.find((line) => line.part === part && fits(line.title, title));
}

/** Whether a set has what this line names. */
export function isIn({ where }: Listed, set: TestSet): boolean {
  return set === 'all' || where === 'core';
}

/** Whether a set has a test of this part. */
export function hasTests(part: MachinePart, set: TestSet): boolean {
  return sets.some((line) => line.part === part && isIn(line, set));
}

function fits(pattern: string, title: string): boolean {
  const pieces = pattern.split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.*')}$`, 's').test(title);
}
