import type { ReactElement } from 'react';
import type { Screen } from '../../main/contract/view.ts';
import { Account } from './account.tsx';
import { Amount } from './amount.tsx';
import { Attract } from './attract.tsx';
import { Card } from './card.tsx';
import { CheckingPayment } from './checking-payment.tsx';
import { Confirm } from './confirm.tsx';
import { Declined } from './declined.tsx';
import { Done } from './done.tsx';
import { FindMoney } from './find-money.tsx';
import { HoldCard } from './hold-card.tsx';
import { Means } from './means.tsx';
import { MoneyBack } from './money-back.tsx';
import { OutOfService } from './out-of-service.tsx';
import { Pay } from './pay.tsx';
import { PutCardBack } from './put-card-back.tsx';
import { Reading } from './reading.tsx';
import { Receipt } from './receipt.tsx';
import { RefusedCard } from './refused-card.tsx';
import { SeeStaff } from './see-staff.tsx';
import { SlipFirst } from './slip-first.tsx';
import { Starting } from './starting.tsx';
import { TakeCard } from './take-card.tsx';
import { Unfinished } from './unfinished.tsx';

/** Draw what main says. A screen kind without a drawing does not compile. */
export function Drawn({ screen }: { readonly screen: Screen }): ReactElement {
  switch (screen.kind) {
    case 'starting':
      return <Starting />;
    case 'attract':
      return <Attract screen={screen} />;
    case 'reading':
      return <Reading />;
    case 'card':
      return <Card screen={screen} />;
    case 'amount':
      return <Amount screen={screen} />;
    case 'confirm':
      return <Confirm screen={screen} />;
    case 'means':
      return <Means screen={screen} />;
    case 'pay':
      return <Pay screen={screen} />;
    case 'checking-payment':
      return <CheckingPayment screen={screen} />;
    case 'hold-card':
      return <HoldCard screen={screen} />;
    case 'put-card-back':
      return <PutCardBack screen={screen} />;
    case 'money-back':
      return <MoneyBack screen={screen} />;
    case 'done':
      return <Done screen={screen} />;
    case 'receipt':
      return <Receipt screen={screen} />;
    case 'slip-first':
      return <SlipFirst />;
    case 'take-card':
      return <TakeCard />;
    case 'declined':
      return <Declined screen={screen} />;
    case 'refused-card':
      return <RefusedCard screen={screen} />;
    case 'see-staff':
      return <SeeStaff screen={screen} />;
    case 'unfinished':
      return <Unfinished screen={screen} />;
    case 'find-money':
      return <FindMoney screen={screen} />;
    case 'account':
      return <Account screen={screen} />;
    case 'out-of-service':
      return <OutOfService screen={screen} />;
  }
}
