/** This machine, or this process, has no more of what a connection needs. */
import type { Cause } from '../cause.ts';
import { failedStep } from '../reading.ts';

const exhausted: readonly string[] = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EAGAIN'];

export const localResourcesExhausted: Cause = {
  code: 'local-resources-exhausted',
  title: 'This machine has no resources left for a connection',
  side: 'delegate',
  documentation:
    'The system refused us a socket or a file: the limit of open files (EMFILE, ENFILE) or of memory for the network (ENOBUFS, ENOMEM) is reached. Neither the network nor the gateway was asked. A route that is missing is tcp-unreachable. Find out what keeps files and sockets open on this machine, or raise the limit.',
  outranks: ['dns-temporary-failure', 'proxy-unreachable', 'tcp-unreachable'],
  explain({ evidence }) {
    const step = failedStep(evidence, 'dns') ?? failedStep(evidence, 'tcp');
    const code = step?.error?.code ?? '';
    if (!step || !exhausted.includes(code)) return undefined;
    return {
      confidence: 'certain',
      evidence: [
        `The ${step.name} step failed with ${code}${step.error?.syscall ? ` in ${step.error.syscall}` : ''}.`,
      ],
      remedy:
        'Find out what keeps files and sockets open on this machine, or raise its limits (ulimit -n).',
    };
  },
};
