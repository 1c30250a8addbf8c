export { type Check, listed } from '../checks/check.ts';
