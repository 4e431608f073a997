import { expect, it } from 'vitest';
import { parsePrinterProfile, printerProfiles } from '../../../hardware/printer/profile.ts';

const good = {
  encoding: { kind: 'gb18030' },
  columns: 48,
  hasProcessId: true,
  hasNativeQr: true,
  cut: 'partial',
};

it('a profile without deadlines has the usual ones', () => {
  expect(parsePrinterProfile(good)).toEqual(printerProfiles['gb18030-80mm']);
  const patient = parsePrinterProfile({ ...good, deadlines: { refillMs: 60_000 } });
  expect(patient.deadlines).toMatchObject({ refillMs: 60_000, pollMs: 2_000 });
});

it.each([
  [{ ...good, colums: 32 }, 'colums'],
  [{ ...good, deadlines: { refilMs: 1 } }, 'refilMs'],
  [{ ...good, encoding: { kind: 'big5', number: 3 } }, 'number'],
  [{ ...good, encoding: { kind: 'utf-8' } }, 'encoding'],
  [{ ...good, encoding: { kind: 'code-page', name: 'cp1252', number: 256 } }, 'encoding.number'],
  [{ ...good, columns: 200 }, 'columns'],
  [{ ...good, deadlines: { confirmMs: 0 } }, 'deadlines.confirmMs'],
  [{ ...good, cut: undefined }, 'cut'],
])('a mistake in a profile is named: %#', (profile, key) => {
  expect(() => parsePrinterProfile(profile)).toThrow(new RegExp(`printer profile: .*${key}`));
});
