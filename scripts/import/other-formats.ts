import type { Problem } from '../errors.ts';

const formats: { sign: RegExp; what: string; fix: string }[] = [
  {
    sign: /^(IP Virtual Server version|Prot LocalAddress:Port|[ \t]*-> \S+[ \t]+(Masq|Route|Tunnel|Local)\b)/m,
    what: 'this is the output of ipvsadm -Ln, which import cannot read',
    fix: 'the output of ipvsadm-save -n',
  },
  {
    sign: /^[ \t]*(virtual|real|checktype|checktimeout|checkinterval|quiescent|autoreload)[ \t]*=/m,
    what: 'this is an ldirectord.cf, which import cannot read',
    fix: 'the output of ipvsadm-save -n, on the machine on which ldirectord runs',
  },
];

/** Recognises known formats that can't be imported, and says what to import instead; undefined for any other text. */
export function notImportable(text: string): Problem | undefined {
  const found = formats.find(({ sign }) => sign.test(text));
  if (!found) return undefined;
  const line = text.slice(0, text.search(found.sign)).split('\n').length;
  return { line, path: '', what: found.what, fix: found.fix };
}
