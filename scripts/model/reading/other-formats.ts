import type { Problem } from '../../errors.ts';

/** Recognises other files that people may pass instead of a lab file. */
export function otherFormat(text: string): Problem | undefined {
  const found = formats.find(({ sign }) => sign.test(text));
  if (!found) return undefined;
  const line = text.slice(0, text.search(found.sign)).split('\n').length;
  return { line, path: '', what: `this is ${found.what}, not a lab file`, fix: found.fix };
}

const imported = 'lab import FILE makes a lab file from it';

const formats: { sign: RegExp; what: string; fix?: string }[] = [
  {
    sign: /^\s*(virtual_server|vrrp_instance|real_server|global_defs)\b.*\{\s*$/m,
    what: 'a keepalived.conf',
    fix: imported,
  },
  { sign: /^\s*(ipvsadm )?-[Aa] -[tuf] \S+/m, what: 'a list of ipvsadm’s rules', fix: imported },
  { sign: /^\s*(virtual|real|checktype)\s*=\s*\S/m, what: 'an ldirectord.cf' },
  { sign: /^Vagrant\.configure/m, what: 'a Vagrantfile' },
];
