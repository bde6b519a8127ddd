import { expect, test } from 'vitest';
import { cloudEvent, cloudEventBatch } from '../../../src/sink/home/cloud-event.ts';

const document = { id: 'r"1', time: '2026-11-23T14:00:00.123Z', body: '{"outcome":"accepted"}' };

test('a report is a CloudEvent 1.0 with every attribute that receivers need', () => {
  expect(JSON.parse(cloudEvent('0198-a', document))).toEqual({
    specversion: '1.0',
    id: 'r"1',
    source: 'urn:sidelight:agent:0198-a',
    type: 'io.sidelight.report.v1',
    time: '2026-11-23T14:00:00.123Z',
    datacontenttype: 'application/json',
    dataschema: 'urn:sidelight:report:1',
    data: { outcome: 'accepted' },
  });
});

test('a batch is an array in the order given', () => {
  const batch = JSON.parse(cloudEventBatch('a', [document, { ...document, id: 'r2' }]));
  expect(batch.map((event: { id: string }) => event.id)).toEqual(['r"1', 'r2']);
  expect(JSON.parse(cloudEventBatch('a', []))).toEqual([]);
});
