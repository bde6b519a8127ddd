/** Reads a classic pcap of one TCP connection over Ethernet and IPv4: the octets of both directions, in order. */

export interface Segment {
  readonly direction: 'sent' | 'received';
  readonly octets: Uint8Array;
  /** Milliseconds since the first packet. */
  readonly atMs: number;
}

interface Packet {
  readonly sourcePort: number;
  readonly sequence: number;
  readonly isSyn: boolean;
  readonly payload: Buffer;
  readonly atMs: number;
}

/** The side that sent the first SYN is the client. What was sent twice comes once, and what overtook waits. */
export function readSegments(pcap: Buffer): readonly Segment[] {
  const packets = readPackets(pcap);
  const clientPort = packets.find(({ isSyn }) => isSyn)?.sourcePort;
  const streams = { sent: new Stream(), received: new Stream() };
  return packets.flatMap((packet) => {
    const direction = packet.sourcePort === clientPort ? 'sent' : 'received';
    return streams[direction]
      .take(packet)
      .map((octets) => ({ direction, octets, atMs: packet.atMs }));
  });
}

/** One direction: puts segments in the order of their sequence numbers (RFC 9293 section 3.4). */
class Stream {
  #next: number | undefined;
  #waiting: Packet[] = [];

  take(packet: Packet): readonly Buffer[] {
    if (packet.isSyn) this.#next = (packet.sequence + 1) >>> 0;
    else if (packet.payload.length > 0) this.#waiting.push(packet);
    const ready: Buffer[] = [];
    for (let found = this.#takeNext(); found; found = this.#takeNext()) ready.push(found);
    return ready;
  }

  /** The part of a waiting segment that is new and follows what was read. */
  #takeNext(): Buffer | undefined {
    const next = this.#next;
    if (next === undefined) return undefined;
    const offset = ({ sequence }: Packet): number => (next - sequence) | 0;
    this.#waiting = this.#waiting.filter((packet) => offset(packet) < packet.payload.length);
    const found = this.#waiting.find((packet) => offset(packet) >= 0);
    if (!found) return undefined;
    const octets = found.payload.subarray(offset(found));
    this.#next = (next + octets.length) >>> 0;
    return octets;
  }
}

const fileHeaderBytes = 24;
const packetHeaderBytes = 16;
const ethernetBytes = 14;
const tcpSyn = 0x02;

function readPackets(pcap: Buffer): readonly Packet[] {
  if (pcap.readUInt32LE(0) !== 0xa1b2c3d4) throw new Error('no pcap in microseconds');
  if (pcap.readUInt32LE(20) !== 1) throw new Error('no Ethernet');
  const packets: Packet[] = [];
  let startMs: number | undefined;
  for (let at = fileHeaderBytes; at < pcap.length; ) {
    const ms = pcap.readUInt32LE(at) * 1000 + pcap.readUInt32LE(at + 4) / 1000;
    startMs ??= ms;
    const end = at + packetHeaderBytes + pcap.readUInt32LE(at + 8);
    const frame = pcap.subarray(at + packetHeaderBytes, end);
    packets.push(readPacket(frame.subarray(ethernetBytes), ms - startMs));
    at = end;
  }
  return packets;
}

function readPacket(ip: Buffer, atMs: number): Packet {
  if (ip.readUInt8(0) >> 4 !== 4 || ip.readUInt8(9) !== 6) throw new Error('no TCP over IPv4');
  const tcp = ip.subarray((ip.readUInt8(0) & 0x0f) * 4, ip.readUInt16BE(2));
  return {
    sourcePort: tcp.readUInt16BE(0),
    sequence: tcp.readUInt32BE(4),
    isSyn: (tcp.readUInt8(13) & tcpSyn) !== 0,
    payload: tcp.subarray((tcp.readUInt8(12) >> 4) * 4),
    atMs,
  };
}
