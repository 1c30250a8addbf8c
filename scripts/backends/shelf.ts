// Every backend, a line each. index.ts is what others import.
export { dns } from './dns/dns.ts';
export { echo } from './echo/echo.ts';
export { ftp } from './ftp/ftp.ts';
export { http } from './http/http.ts';
export { https } from './https/https.ts';
export { imap } from './imap/imap.ts';
export { ldap } from './ldap/ldap.ts';
export { ntp } from './ntp/ntp.ts';
export { pop3 } from './pop3/pop3.ts';
export { proxy } from './proxy/proxy.ts';
export { smtp } from './smtp/smtp.ts';
export { smtps } from './smtps/smtps.ts';
