import { expect, it } from 'vitest';
import { describeApdu } from '../../../hardware/card/describe-apdu.ts';
import { fromHex } from '../../../hardware/card/hex.ts';
import { currencies } from '../../../main/contract/money.ts';

it.each([
  ['00A4040009A0000000038698070100', '6A82', 'SELECT A00000000386980701', '6A82 (not found)'],
  ['00A404000E325041592E5359532E444446303100', '9000', 'SELECT 2PAY.SYS.DDF01', '9000 done'],
  ['805C000204', '000004B09000', 'GET BALANCE', '9000 ¥12.00'],
  [
    '805000020B010000138800000100005010',
    '000004B00007010011223344 06B1BEF5 9000',
    'INITIALIZE FOR LOAD ¥50.00, key 1',
    '9000 balance ¥12.00, counter 7, MAC1 06B1BEF5',
  ],
  [
    '805200000B201408251031000641DCD804',
    'ED0F87559000',
    'CREDIT FOR LOAD at 20140825103100, MAC2 0641DCD8',
    '9000 TAC ED0F8755',
  ],
  [
    '805A000202000808',
    '0000000066C260839000',
    'GET TRANSACTION PROVE, type 2, counter 8',
    '9000 TAC 66C26083',
  ],
  [
    '00B201C417',
    '0008000000000013880200000100005020140825103100 9000',
    'READ RECORD 1, file 18',
    '9000 load ¥50.00, counter 8, at 20140825103100',
  ],
  [
    '90AA0000010100',
    'E85541BB232F07099089753D86C0DDF0 91AF',
    'AUTHENTICATE AES, key 1',
    '91AF (more frames) 16 bytes',
  ],
  ['905A00000310DE5F00', '91A0', 'SELECT APPLICATION 10DE5F', '91A0 (no such application)'],
  ['906C0000010100', 'D204000034B48D1C6459375D 9100', 'GET VALUE, file 01', '9100 ¥12.34'],
  [
    '906C0000010100',
    '8C009A875BD1AEA36805BD1C2615BBC7 9100',
    'GET VALUE, file 01',
    '9100 16 bytes',
  ],
  [
    '900C00000D0188130000924F23E3FD3F16A600',
    '0F4132B7520489FF 9100',
    'CREDIT, file 01, ¥50.00',
    '9100 8 bytes',
  ],
  [
    '90C7000009019DF72048C99D468200',
    '0100000059918E96D1E2312E8B44EDD0BAAA011C 9100',
    'COMMIT TRANSACTION',
    '9100 counter 1, transaction MAC 59918E96D1E2312E',
  ],
  ['90C7000000', '638C62718301872B 9100', 'COMMIT TRANSACTION', '9100 8 bytes'],
  ['90C7000000', '910C', 'COMMIT TRANSACTION', '910C (nothing was changed)'],
  ['805C000204', null, 'GET BALANCE', 'no answer'],
  ['805C000204', '00', 'GET BALANCE', 'no status word in 1 byte'],
  ['805C000204', '0000049000', 'GET BALANCE', '9000 3 bytes, 4 expected'],
  ['8050', '6700', 'unknown command 8050, 2 bytes', '6700 (wrong length)'],
  ['80520000', '6700', 'unknown command 80520000, 4 bytes', '6700 (wrong length)'],
])('%s → %s reads as "%s" → "%s"', (command, response, says, answers) => {
  const bytes = response === null ? null : fromHex(response);
  expect(describeApdu(fromHex(command), bytes, currencies.CNY)).toMatchObject({
    what: says,
    answer: answers,
  });
});

it('shows neither a PIN nor a card number', () => {
  const verify = describeApdu(fromHex('0020000003123456'), fromHex('9000'), currencies.CNY);
  expect(verify).toMatchObject({ what: 'VERIFY PIN', answer: '9000 done' });
  const file = fromHex('0731410000000000010100004100000099999432201506052038080800009000');
  const read = describeApdu(fromHex('00B095001E'), file, currencies.CNY);
  expect(read).toMatchObject({ what: 'READ BINARY, file 15', answer: '9000 30 bytes' });
  const number = fromHex('20260301000088260120200101203812319100');
  const data = describeApdu(fromHex('90BD0000070100000011000000'), number, currencies.CNY);
  expect(data).toMatchObject({ what: 'READ DATA, file 01', answer: '9100 17 bytes' });
});

it.each([
  ['805C000204', '000004B09000', 'done'],
  ['805C000204', '6985', 'refused'],
  ['90AF000000', '91AF', 'done'],
  ['90C7000000', '91BE', 'refused'],
  ['805C000204', '9100', 'refused'],
  ['90C7000000', '00', 'failed'],
  ['90C7000000', null, 'failed'],
])('%s → %s is %s', (command, response, outcome) => {
  const bytes = response === null ? null : fromHex(response);
  expect(describeApdu(fromHex(command), bytes, currencies.CNY).outcome).toBe(outcome);
});
