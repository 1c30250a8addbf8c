import type { Source } from './statement.ts';

/** A command that prints something of a live director. None of them changes anything. */
export interface DirectorCommand {
  name: string;
  command: string;
}

/** What a command printed, and its exit code. */
export interface Answer {
  text: string;
  code: number;
}

/**
 * The commands that read a director. Anybody but root needs sudo for the first two. It does not ask for a password here; where it wants
 * one, the kit asks a person and tries again. ipvsadm would load the module of IPVS where it is not loaded.
 */
export function directorCommands(user: string | undefined): DirectorCommand[] {
  const sudo = user === undefined || user === 'root' ? '' : 'sudo -n ';
  return [
    { name: 'ipvsadm-save', command: `test -e /proc/net/ip_vs && ${sudo}ipvsadm-save -n` },
    { name: 'keepalived.conf', command: `${sudo}cat /etc/keepalived/keepalived.conf` },
    { name: 'addresses', command: 'ip -oneline address show' },
    { name: 'sysctls', command: 'sysctl net.ipv4.vs' },
  ];
}

/** Messages of sudo are in English, so the kit knows them. */
const environment = 'export LC_ALL=C; PATH=$PATH:/usr/sbin:/sbin';

/** One text for a shell that runs them all, and says where the output of each begins and ends. */
export function directorScript(commands: readonly DirectorCommand[]): string {
  const parts = commands.map(({ name, command }) =>
    [`echo lvs-lab:begin ${name}`, command, `printf '\\nlvs-lab:end ${name} %s\\n' $?`].join('; '),
  );
  return `${environment}; ${parts.join('; ')}`;
}

/** What each command printed; undefined if the connection broke before its end. */
export function answersIn(output: string, commands: readonly DirectorCommand[]): Map<string, Answer> | undefined {
  const answers = new Map<string, Answer>();
  let rest = output;
  for (const { name } of commands) {
    const [, text, code, after] =
      new RegExp(`(?:^|\\n)lvs-lab:begin ${name}\\n(.*?)\\n?lvs-lab:end ${name} (\\d+)(?:\\n|$)(.*)$`, 's').exec(
        rest,
      ) ?? [];
    if (text === undefined || after === undefined) return undefined;
    answers.set(name, { text, code: Number(code) });
    rest = after;
  }
  return answers;
}

/** A line of keepalived.conf that begins a virtual server. */
const virtualServer = /^[ \t]*(@\S+[ \t]+|~\S+.*)?virtual_server[ \t]/m;

/** The configuration of a director. */
export interface Found {
  sources: Source[];
  /** Its table, if keepalived makes it of what is in the sources. */
  table: Source[];
}

/**
 * What is read of a director. Its table becomes the lab only if keepalived.conf has no virtual servers.
 * @param host the director's name in messages
 */
export function directorSources(host: string, answers: ReadonlyMap<string, Answer>): Found {
  const read = (name: string): Source[] => {
    const answer = answers.get(name);
    return answer?.code === 0 && answer.text.trim() !== '' ? [{ name: `${host}:${name}`, text: answer.text }] : [];
  };
  const [conf, table] = [read('keepalived.conf'), read('ipvsadm-save')];
  const others = [...read('sysctls'), ...read('addresses')];
  const makesTable = conf.some(({ text }) => virtualServer.test(text));
  return makesTable ? { sources: [...conf, ...others], table } : { sources: [...conf, ...table, ...others], table: [] };
}
