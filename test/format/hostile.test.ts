/** Whatever stands in a report, which may have come from a peer or a file, no format can be split, forged or made to drive a terminal. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sanitise } from '../../src/base/sanitise.ts';
import { escapeCef } from '../../src/format/cef.ts';
import {
  eventFormatNames,
  eventFormats,
  type Format,
  formatNames,
  formats,
} from '../../src/format/formats.ts';
import { lineFormatNames } from '../../src/format/line-formats.ts';
import { eventCodeOf, eventCodes } from '../../src/report/event.ts';
import type { Report } from '../../src/report/report.ts';
import { corpus } from '../report/corpus.ts';
import { serverCertificate, tlsSeen } from '../support/evidence.ts';
import { parseCef, parseLeef, parseSyslog, repeatedKeys } from './support/parse-lines.ts';
import { fieldsOf, fitsType, leavesOf } from './support/written-fields.ts';

const options = { colour: false, verbose: true };
const named: Readonly<Record<string, Format>> = formats;
const events: Readonly<Record<string, Format>> = eventFormats;

/** An event, without its line end. */
function lineOf(format: string, report: Report): string {
  return (events[format]?.(report, options) ?? '').replace(/\n$/, '');
}

/** What may not stand raw in a line: what a terminal obeys, what ends a line for some reader, what hides or turns text. */
const dangerous =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u;

const forgeries: readonly string[] = [
  'x\r\n{"forged":1}',
  '\u001b[2J\u001b]0;title\u0007',
  '\u009b31m\u0085next',
  '\u202egnp.exe\u2066\u200b\ufeff',
  'a\u2028b\u2029c',
  '\u0000\u007f\ud800 \udc00',
  '\u{e0041}\u{e007f}',
  '"},"forged":1,"x":{"',
  '"] [forged@1 a="1"]',
  'a" forged="1',
  ']\\"]\\',
  'value forged=1 suser=root',
  '\tforged=1\tusrName=root',
  '|forged|x|9|forged=1',
  'trailing \\',
  '\\\\|\\=\\n',
  '__proto__',
  'constructor',
  '<script>alert(1)</script>&quot;',
  '%s%n {{7*7}} $(id)',
  '',
  ' ',
  '=',
  '-',
  'é\u0301🜲 नि',
];

const hostile = fc.oneof(
  fc.constantFrom(...forgeries),
  fc
    .array(fc.constantFrom(...forgeries), { minLength: 2, maxLength: 4 })
    .map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const someReport = fc.constantFrom(...Object.values(corpus));

/** The report with every string in it replaced; keys and numbers stay. */
function withStrings<T>(value: T, replace: (text: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_key, item) =>
    typeof item === 'string' ? replace(item) : item,
  );
}

/** Every string replaced by one of `texts` in turn. */
const hostileReport = fc
  .tuple(someReport, fc.array(hostile, { minLength: 1, maxLength: 12 }))
  .map(([report, texts]) => {
    let next = 0;
    return withStrings(report, (text) => texts[next++ % texts.length] ?? text);
  });

/** One string replaced, the others as they are: structure that others decide stays likely. */
const reportWithOne = fc.tuple(someReport, fc.nat(), hostile).map(([report, which, text]) => {
  let count = 0;
  withStrings(report, (same) => {
    count += 1;
    return same;
  });
  let at = 0;
  return withStrings(report, (same) => (at++ === which % count ? text : same));
});

const anyReport = fc.oneof(hostileReport, reportWithOne);

test.for(eventFormatNames)('%s: an event is one line, safe to print', (format) => {
  fc.assert(
    fc.property(anyReport, (report) => {
      expect(events[format]?.(report, options)).toMatch(/\n$/);
      const line = lineOf(format, report);
      // Tabs are how LEEF parts its attributes; that none is forged is tested by them.
      expect(format === 'leef' ? line.replaceAll('\t', '') : line).not.toMatch(dangerous);
    }),
  );
});

test.for(formatNames)('%s: nothing in a page is dangerous but its own line ends', (format) => {
  fc.assert(
    fc.property(anyReport, (report) => {
      const page = named[format]?.(report, options) ?? '';
      expect(page.replaceAll(/[\n\t]/g, '')).not.toMatch(dangerous);
    }),
    { numRuns: 50 },
  );
});

const documents = ['ecs', 'ocsf'] as const;

test.for(documents)('%s: no field is forged, none stands twice, each keeps its type', (format) => {
  const released = fieldsOf(format);
  fc.assert(
    fc.property(anyReport, (report) => {
      const line = lineOf(format, report);
      expect(repeatedKeys(line)).toEqual([]);
      for (const [name, value] of leavesOf('', JSON.parse(line))) {
        expect(released.get(name), name).toBeDefined();
        const type = released.get(name) ?? '';
        // An empty list has no type.
        if (!Array.isArray(value) || value.length > 0) {
          expect([name, value, fitsType(type, [value])]).toEqual([name, value, true]);
        }
      }
    }),
  );
});

const lists = { cef: parseCef, leef: parseLeef, syslog: parseSyslog } as const;

test.for(['cef', 'leef', 'syslog'] as const)(
  '%s: no field is forged, none stands twice',
  (format) => {
    const released = fieldsOf(format);
    fc.assert(
      fc.property(anyReport, (report) => {
        const { fields, header } = lists[format](lineOf(format, report));
        expect([...fields.keys()].filter((name) => !released.has(name))).toEqual([]);
        expect(header).toContain(eventCodeOf(report));
      }),
    );
  },
);

test('json: parsing gives the very report', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      expect(JSON.parse(lineOf('json', report))).toEqual(JSON.parse(JSON.stringify(report)));
    }),
  );
});

test.for(lineFormatNames)(
  'syslog around %s: the message is what stands within, whole',
  (syslogContent) => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const { message } = parseSyslog(
          formats.syslog(report, { ...options, syslogContent }).replace(/\n$/, ''),
        );
        expect(message).toBe(lineOf(syslogContent, report));
      }),
      { numRuns: 50 },
    );
  },
);

test('every report, however strange, has an event code of the dictionary', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      expect(eventCodes).toContain(eventCodeOf(report));
    }),
  );
});

const strange = '\u001b[2J\r\n"]|= \u202e\t\u2028\\';

/** Every string of the report in turn, with the names and indices that lead to it. */
function* stringsIn(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value === 'string') yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) yield* stringsIn(item, [...path, name]);
}

function withStringAt<T>(value: T, [name, ...rest]: readonly string[], text: string): T {
  if (name === undefined) return text as T;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const part = (copy as Record<string, unknown>)[name];
  (copy as Record<string, unknown>)[name] = withStringAt(part, rest, text);
  return copy as T;
}

/** One report for each field that holds a string anywhere, with that one string replaced. */
const everyString: readonly (readonly [field: string, report: Report])[] = [
  ...new Map(
    Object.values(corpus).flatMap((report) =>
      [...stringsIn(report)].map((path) => {
        const outcome = `${report.outcome} ${report.layer} `;
        const field = path.map((name) => (/^\d+$/.test(name) ? '[]' : name)).join('.');
        return [outcome + field, withStringAt(report, path, strange)] as const;
      }),
    ),
  ),
];

test('the strings that are replaced one by one are many', () => {
  expect(everyString.length).toBeGreaterThan(300);
});

test.for(formatNames)('%s: no single string is overlooked', (format) => {
  for (const [field, report] of everyString) {
    const output = `${named[format]?.(report, options)}${events[format]?.(report, options) ?? ''}`;
    expect(output.replaceAll(/[\n\t]/g, ''), field).not.toMatch(dangerous);
  }
});

/** Where a peer's words come out: how to put them in, and in which field of each format they stand, cut to its length. */
const places: readonly {
  readonly what: string;
  readonly put: (report: Report, text: string) => Report;
  readonly ecs: string;
  readonly leef?: string;
  readonly cef?: string;
}[] = [
  {
    what: 'the subject of the server certificate',
    put: (report, subject) => ({
      ...report,
      tls: tlsSeen({ serverCertificates: [serverCertificate({ subject })] }),
    }),
    ecs: 'tls.server.subject',
    leef: 'serverSubject',
  },
  {
    what: 'the issuer of the server certificate',
    put: (report, issuer) => ({
      ...report,
      tls: tlsSeen({ serverCertificates: [serverCertificate({ issuer })] }),
    }),
    ecs: 'tls.server.issuer',
  },
  {
    what: 'the protocol chosen',
    put: (report, alpn) => ({ ...report, tls: tlsSeen({ alpn }) }),
    ecs: 'tls.next_protocol',
  },
  {
    what: 'a close reason',
    put: (report, closeReason) => ({ ...report, websocket: { status: 101, closeReason } }),
    ecs: 'sidelight.websocket.close_reason',
  },
  {
    what: 'an authority in the title of the cause',
    put: (report, title) => ({ ...report, cause: { ...report.cause!, title } }),
    ecs: 'event.reason',
    cef: 'reason',
  },
  {
    what: 'the remedy',
    put: (report, remedy) => ({ ...report, cause: { ...report.cause!, remedy } }),
    ecs: 'sidelight.cause.remedy',
    cef: 'flexString1',
    leef: 'remedy',
  },
];

test.for(places)('$what comes out whole, or visibly escaped', ({ put, ecs, cef, leef }) => {
  const base = corpus['client-ca-changed'] as Report;
  fc.assert(
    fc.property(
      hostile.filter((text) => text !== ''),
      (text) => {
        const report = put(base, text);
        const document = new Map(leavesOf('', JSON.parse(lineOf('ecs', report))));
        expect(document.get(ecs)).toBe(sanitise(text, 1024));
        if (cef !== undefined) {
          const line = lineOf('cef', report);
          expect(parseCef(line).fields.get(cef)).toBe(sanitise(text, 1023));
        }
        if (leef !== undefined) {
          const line = lineOf('leef', report);
          expect(parseLeef(line).fields.get(leef)).toBe(sanitise(text, 1024));
        }
      },
    ),
  );
});

test('64 KiB in every string make no event larger than a collector takes', () => {
  const long = `${'long \u001b|=]"'.repeat(6_554)}`;
  for (const report of Object.values(corpus)) {
    const swollen = withStrings(report, () => long);
    for (const format of ['ecs', 'ocsf', 'cef', 'leef', 'text'] as const) {
      expect(Buffer.byteLength(lineOf(format, swollen))).toBeLessThan(256 * 1024);
    }
  }
});

test('CEF escapes as its specification says, also what the sanitiser has taken away before', () => {
  expect(escapeCef('a\\b=c|d\ne\rf', '=')).toBe('a\\\\b\\=c|d\\ne\\rf');
  expect(escapeCef('a\\b=c|d', '|')).toBe('a\\\\b=c\\|d');
});
