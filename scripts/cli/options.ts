import { Option } from 'commander';
import { hypervisorHint, providerNames, schedulers, siteRoles } from '../model/lab.ts';
import { realServerCount, requestCount } from '../model/limits.ts';
import { wholeNumber, wordOf, wordsOf } from './values.ts';

// Options that several commands have.

export function realServers(): Option {
  const { least, most } = realServerCount;
  return new Option('--real-servers <n>', `how many real servers, ${least} to ${most}`).argParser(
    wholeNumber(realServerCount),
  );
}

export function requests(): Option {
  return new Option('--requests <n>', 'how many requests the check sends').argParser(wholeNumber(requestCount));
}

export function scheduler(): Option {
  return new Option('--scheduler <name>', 'another one than the lab file has').argParser(wordOf(schedulers));
}

export function site(): Option {
  return new Option('--with <server,…>', `${siteRoles.join(', ')}: a web site on the lab’s real servers`).argParser(
    wordsOf(siteRoles),
  );
}

export function provider(): Option {
  return new Option('--provider <name>', 'qemu or vagrant; else LAB_PROVIDER, what runs, the lab file').argParser(
    wordOf(providerNames, hypervisorHint),
  );
}

export function noSetup(): Option {
  return new Option('--no-setup', 'install nothing; name what is missing');
}
