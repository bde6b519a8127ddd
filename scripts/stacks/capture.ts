/** dumpcap on loopback: one capture of everything to and from some ports. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface RunningCapture {
  /** Ends the capture; resolves once the file is whole. Throws when packets were lost. */
  stop(): Promise<void>;
}

/** How long packets may stand in the kernel's buffer before dumpcap has them. */
const settleMs = 500;

/** Resolves once packets are being captured. `filePath` gets pcapng, or pcap when the name says so. */
export async function startCapture(
  filePath: string,
  serverPorts: readonly number[],
): Promise<RunningCapture> {
  const filter = serverPorts.map((port) => `tcp port ${port}`).join(' or ');
  const format = filePath.endsWith('.pcap') ? ['-P'] : [];
  const args = ['-i', 'lo', '-B', '64', '-f', filter, ...format, '-w', filePath];
  const child = spawn('dumpcap', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const ended = once(child, 'exit');
  while (!said.includes('File: ')) {
    if (child.exitCode !== null) throw new Error(`dumpcap can not capture: ${said}`);
    await pause(20);
  }
  return {
    stop: async () => {
      await pause(settleMs);
      child.kill('SIGINT');
      await ended;
      const lost = /: \d+\/(\d+) \(pcap:/.exec(said)?.[1];
      if (lost !== '0') throw new Error(`dumpcap lost packets: ${said}`);
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
