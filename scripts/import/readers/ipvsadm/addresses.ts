import { isAddress } from '../../../model/addresses.ts';
import { portRange } from '../../../model/limits.ts';
import { Wrong } from '../../wrong.ts';

/** Names of ports that scripts use, of /etc/services. */
const ports: Readonly<Record<string, number>> = {
  domain: 53,
  ftp: 21,
  http: 80,
  https: 443,
  imap: 143,
  imap2: 143,
  imaps: 993,
  ldap: 389,
  ldaps: 636,
  mysql: 3306,
  ntp: 123,
  pop3: 110,
  pop3s: 995,
  smtp: 25,
  ssh: 22,
  telnet: 23,
  webcache: 8080,
};

/** 192.0.2.1, 192.0.2.1:80, [2001:db8::1]:80. Without a port it is undefined. */
export function addressOf(text: string): { address: string; port: number | undefined } | Wrong {
  const [, six, four, word] = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]]+))(?::([\w-]+))?$/.exec(text) ?? [];
  const bare = text.includes('::') && isAddress(text) ? text : undefined;
  const address = bare ?? six ?? four ?? '';
  if (!isAddress(address)) {
    const named = /^[a-z][\w.-]*(:[\w-]+)?$/i.test(text) ? '; ipvsadm-save -n writes numbers instead of names' : '';
    return new Wrong(`${JSON.stringify(text)} is not an address${named}`);
  }
  if (bare !== undefined || word === undefined) return { address, port: undefined };
  const port = /^\d+$/.test(word) ? Number(word) : ports[word];
  if (port === undefined)
    return new Wrong(
      `import does not know the port ${JSON.stringify(word)}; ipvsadm-save -n writes numbers instead of names`,
    );
  return port > portRange.most ? new Wrong(`there is no port ${word}`) : { address, port };
}
